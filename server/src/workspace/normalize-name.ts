/** A name as Kubernetes takes it. Source: applicationset/utils/template_functions.go `SanitizeName`. */
export function normalizeName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^-a-z0-9.]/gu, '-')
    .slice(0, 253)
    .replace(/^[-.]+|[-.]+$/g, '');
}
