/** Letters of generated names, as Kubernetes takes them. Source: k8s.io/apimachinery/pkg/util/rand. */
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** Suffixes of generated names: they look like chance, and come in the same row each time. */
export class GeneratedNames {
  #count = 0;

  next(): string {
    let number = (++this.#count * 2_654_435_761) % LETTERS.length ** 5;
    let text = '';
    for (let i = 0; i < 5; i++) {
      text += LETTERS[number % LETTERS.length] ?? '';
      number = Math.floor(number / LETTERS.length);
    }
    return text;
  }
}
