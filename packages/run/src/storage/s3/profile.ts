/** What the environment says; tests have one of their own. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The profile of AWS's shared files that the environment names; of `config` and `credentials` the latter wins. */
export async function readProfile(environment: Environment): Promise<Environment> {
  const node = globalThis.process?.getBuiltinModule;
  // A page has no such files.
  if (node === undefined) return {};
  const home = environment['HOME'] ?? environment['USERPROFILE'] ?? node('node:os').homedir();
  const { join } = node('node:path');
  const name = environment['AWS_PROFILE']?.trim() || 'default';
  const read = async (variable: string, file: string): Promise<string> => {
    const path = environment[variable] ?? join(home, '.aws', file);
    // One that is not there, or not for us, has no keys; that none were found is said then.
    return node('node:fs/promises')
      .readFile(path, 'utf8')
      .catch(() => '');
  };
  const [config, credentials] = await Promise.all([
    read('AWS_CONFIG_FILE', 'config'),
    read('AWS_SHARED_CREDENTIALS_FILE', 'credentials'),
  ]);
  return {
    ...sectionOf(config, name === 'default' ? /^(?:profile\s+)?default$/ : new RegExp(`^profile\\s+${escaped(name)}$`)),
    ...sectionOf(credentials, new RegExp(`^${escaped(name)}$`)),
  };
}

/** The settings of the sections of that name; those that are indented belong to another setting. */
function sectionOf(text: string, name: RegExp): Record<string, string> {
  const found: Record<string, string> = {};
  let isOurs = false;
  for (const line of text.split(/\r?\n/)) {
    const section = /^\[([^\]]*)\]/.exec(line)?.[1];
    if (section !== undefined) isOurs = name.test(section.trim());
    const at = line.indexOf('=');
    if (!isOurs || section !== undefined || at < 1 || /^[\s#;]/.test(line)) continue;
    const value = line.slice(at + 1).trim();
    if (value !== '') found[line.slice(0, at).trim().toLowerCase()] = value;
  }
  return found;
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
