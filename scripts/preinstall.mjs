// Runs before an installation: one by npm or yarn would leave a workspace in which nothing is found.
const agent = process.env['npm_config_user_agent'] ?? '';
if (/^(npm|yarn|bun)\//.test(agent)) {
  console.error(
    'VoG.js is a pnpm workspace. Type: npx -y pnpm@12 install (npx -y pnpm@12 test and demo do it by themselves).',
  );
  process.exit(1);
}
