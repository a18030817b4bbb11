import { VogError } from '@vogjs/base';
import { type Environment, readProfile } from './profile.js';

/** The keys that requests are signed with. They are read anew for each request, and kept nowhere. */
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** All that is not in the address. */
export interface Settings {
  readonly credentials: Credentials;
  readonly region: string;
  /** Of a store that is not AWS; else null. */
  readonly endpoint: string | null;
}

/** The region where nobody names one: other stores do not mind. */
const REGION = 'us-east-1';

/**
 * Reads keys, region and endpoint as AWS's own tools do: from the environment, else from the shared files.
 *
 * @throws VogError STORAGE_CREDENTIALS
 */
export async function readSettings(environment: Environment): Promise<Settings> {
  const of = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const profile = await readProfile(environment);
  return {
    credentials: requirePrintable(credentialsOf(of, profile)),
    region: of('AWS_REGION') ?? of('AWS_DEFAULT_REGION') ?? profile['region'] ?? REGION,
    endpoint: of('AWS_ENDPOINT_URL_S3') ?? of('AWS_ENDPOINT_URL') ?? profile['endpoint_url'] ?? null,
  };
}

function credentialsOf(of: (name: string) => string | undefined, profile: Environment): Credentials {
  const [id, secret] = [of('AWS_ACCESS_KEY_ID'), of('AWS_SECRET_ACCESS_KEY')];
  if ((id === undefined) !== (secret === undefined)) {
    const [there, lacking] =
      id === undefined ? ['SECRET_ACCESS_KEY', 'ACCESS_KEY_ID'] : ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY'];
    throw refused(`AWS_${there} is set in the environment, and AWS_${lacking} is not. Set both`);
  }
  if (id !== undefined && secret !== undefined) {
    return { accessKeyId: id, secretAccessKey: secret, sessionToken: of('AWS_SESSION_TOKEN') };
  }
  const { aws_access_key_id: ownId, aws_secret_access_key: own, aws_session_token: token } = profile;
  if (ownId !== undefined && own !== undefined)
    return { accessKeyId: ownId, secretAccessKey: own, sessionToken: token };
  const name = of('AWS_PROFILE') ?? 'default';
  const kind = Object.keys(profile).find((key) => /^(sso_|role_arn|credential_process|web_identity)/.test(key));
  if (kind !== undefined) {
    throw refused(
      `The profile '${name}' has its keys from elsewhere (${kind}), where VoG.js does not fetch them. ` +
        `Put them into the environment: eval "$(aws configure export-credentials --profile ${name} --format env)"`,
    );
  }
  throw refused(
    `There are no keys for the storage, in the environment or in the profile '${name}' of the AWS files. ` +
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE',
  );
}

/** Others would be refused further on, by a message that repeats them. */
function requirePrintable(credentials: Credentials): Credentials {
  for (const [name, value] of Object.entries(credentials) as [string, string | undefined][]) {
    if (value !== undefined && !/^[\x21-\x7e]+$/.test(value)) {
      throw refused(`The ${name} has a space, a line's end or another character that no key has. Copy it again`);
    }
  }
  return credentials;
}

function refused(message: string): VogError {
  return new VogError('STORAGE_CREDENTIALS', `${message}.`);
}
