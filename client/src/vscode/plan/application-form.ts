import * as vscode from 'vscode';
import { nameProblem, type NewApplication, type SyncPolicy } from '../../text/application.ts';

/** An Application to be, and the file of its manifest within the workspace folder. */
export interface ApplicationForm {
  readonly application: NewApplication;
  readonly file: string;
}

/** One line of the form: what it is, what it says now, and how it is changed. */
interface Field extends vscode.QuickPickItem {
  readonly edit?: (form: ApplicationForm) => Promise<ApplicationForm | undefined>;
}

const TITLE = 'Create Argo CD Application';

const POLICIES: readonly (vscode.QuickPickItem & { readonly policy: SyncPolicy })[] = [
  {
    label: 'Manual',
    detail: 'Argo CD syncs when somebody asks it to',
    policy: { automated: false, prune: false, selfHeal: false },
  },
  {
    label: 'Automated',
    detail: 'Argo CD syncs every change in Git by itself; it deletes nothing',
    policy: { automated: true, prune: false, selfHeal: false },
  },
  {
    label: 'Automated, with prune',
    detail: 'It also deletes what is not in Git any more',
    policy: { automated: true, prune: true, selfHeal: false },
  },
  {
    label: 'Automated, with selfHeal',
    detail: 'It also takes back what is changed in the cluster; it deletes nothing',
    policy: { automated: true, prune: false, selfHeal: true },
  },
  {
    label: 'Automated, with prune and selfHeal',
    detail: 'The cluster is what Git says, always',
    policy: { automated: true, prune: true, selfHeal: true },
  },
];

const policyLabel = (policy: SyncPolicy): string =>
  POLICIES.find(
    (known) =>
      known.policy.automated === policy.automated &&
      known.policy.prune === policy.prune &&
      known.policy.selfHeal === policy.selfHeal,
  )?.label ?? 'Manual';

const ask = (
  prompt: string,
  value: string,
  validateInput: (value: string) => string | undefined,
): Thenable<string | undefined> =>
  vscode.window.showInputBox({ title: TITLE, prompt, value, validateInput, ignoreFocusOut: true });

const needed =
  (problem: string) =>
  (value: string): string | undefined =>
    value.trim() === '' ? problem : undefined;

type TextKey = 'name' | 'namespace' | 'repoURL' | 'path' | 'targetRevision' | 'server' | 'project' | 'argocdNamespace';

function textField(
  { application }: ApplicationForm,
  key: TextKey,
  label: string,
  prompt: string,
  problem: (value: string) => string | undefined,
): Field {
  const edit = async (form: ApplicationForm): Promise<ApplicationForm | undefined> => {
    const value = await ask(prompt, form.application[key], problem);
    return value === undefined ? undefined : { ...form, application: { ...form.application, [key]: value.trim() } };
  };
  return { label, description: application[key] || '—', edit };
}

/** Asks for the address of the repository, which nothing here tells. */
export const askRepository = (): Thenable<string | undefined> =>
  ask(
    'Git knows no remote here. Address of the repository, as Argo CD reaches it',
    '',
    needed('Argo CD reads the manifests from a repository: give its address.'),
  );

function fieldsOf(form: ApplicationForm, fileProblem: (form: ApplicationForm) => string | undefined): Field[] {
  const { application, file } = form;
  const problem = fileProblem(form);
  const text = (key: TextKey, label: string, prompt: string, check = nameProblem): Field =>
    textField(form, key, label, prompt, check);
  const write: Field =
    problem === undefined
      ? {
          label: `$(check) Write ${file}`,
          detail: `Application ${application.name} in namespace ${application.argocdNamespace}`,
        }
      : { label: `$(error) ${file} cannot be written`, detail: problem };
  return [
    write,
    { label: 'or change a line first', kind: vscode.QuickPickItemKind.Separator },
    text('name', 'Name', 'Name of the Application'),
    text(
      'repoURL',
      'Repository',
      'Address of the Git repository, as Argo CD reaches it',
      needed('An address is needed.'),
    ),
    text(
      'path',
      'Path',
      'Path of the manifests in the repository; . for its root',
      needed('A path is needed: . for the root.'),
    ),
    text(
      'targetRevision',
      'Revision',
      'Branch, tag or commit that it follows; HEAD: the default branch',
      needed('HEAD, a branch, a tag or a commit.'),
    ),
    text(
      'server',
      'Destination cluster',
      "Address of the cluster as Argo CD knows it; https://kubernetes.default.svc is Argo CD's own",
      needed('An address is needed.'),
    ),
    text('namespace', 'Destination namespace', 'Namespace that it is deployed to'),
    {
      label: 'Create namespace',
      description: application.createNamespace ? 'yes (CreateNamespace=true)' : 'no: it has to be there',
      edit: async (now) => ({
        ...now,
        application: { ...now.application, createNamespace: !now.application.createNamespace },
      }),
    },
    {
      label: 'Sync policy',
      description: policyLabel(application.policy),
      edit: async (now) => {
        const picked = await vscode.window.showQuickPick(POLICIES, {
          title: `${TITLE}: When Does It Sync?`,
          ignoreFocusOut: true,
        });
        return picked && { ...now, application: { ...now.application, policy: picked.policy } };
      },
    },
    text('project', 'Project', 'Project of Argo CD that it belongs to', needed('default, or the name of a project.')),
    text('argocdNamespace', 'Namespace of Argo CD', 'Namespace that the Application itself stands in'),
    {
      label: 'File',
      description: file,
      edit: async (now) => {
        const check = (value: string): string | undefined => fileProblem({ ...now, file: value.trim() });
        const value = await ask('File to write, outside of what it syncs', now.file, check);
        return value === undefined ? undefined : { ...now, file: value.trim() };
      },
    },
  ];
}

/**
 * Shows everything that was found out, each line to be changed, until it is to be written. Undefined: the person thought
 * better of it.
 */
export async function fillIn(
  first: ApplicationForm,
  fileProblem: (form: ApplicationForm) => string | undefined,
): Promise<ApplicationForm | undefined> {
  for (let form = first; ;) {
    const picked = await vscode.window.showQuickPick(fieldsOf(form, fileProblem), {
      title: TITLE,
      placeHolder: 'Enter writes the manifest. Choose a line to change it',
      ignoreFocusOut: true,
    });
    if (!picked) return undefined;
    if (picked.edit) form = (await picked.edit(form)) ?? form;
    else if (fileProblem(form) === undefined) return form;
  }
}
