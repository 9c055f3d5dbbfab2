import type { Application } from './model.ts';

/** The applications that each file belongs to. */
export function usersOf(applications: readonly Application[]): Map<string, Application[]> {
  const users = new Map<string, Application[]>();
  for (const application of applications) {
    for (const path of application.files) {
      const others = users.get(path);
      if (others) others.push(application);
      else users.set(path, [application]);
    }
  }
  return users;
}

/** Tells applications of one root apart. */
export const keyOf = ({ path, name }: Application): string => `${path}\n${name}`;
