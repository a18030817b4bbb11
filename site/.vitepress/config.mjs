import { defineConfig } from 'vitepress';

/** @param {string} text @param {string} link */
const to = (text, link) => ({ text, link });

export default defineConfig({
  title: 'VoG.js',
  description: 'Which of your training examples are hard, mislabelled, atypical or out of distribution?',
  // Where the site lies on its host, such as /vogjs/ on a page of a repository.
  base: process.env.VOGJS_SITE_BASE ?? '/',
  srcDir: '.pages',
  outDir: 'dist',
  cleanUrls: false,
  lastUpdated: false,
  // The page to try it and the figures' page are no pages of VitePress; the build looks for them afterwards.
  ignoreDeadLinks: [/\/try\//, /\/figures\//],
  markdown: {
    attrs: { disable: true },
    // Colours that keep 4.5 to 1.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    outline: [2, 3],
    search: { provider: 'local' },
    nav: [
      to('Start', '/start'),
      to('Which score for what', '/which-metric'),
      to('Reference', '/reference/commands'),
      { text: 'Try it', link: '/try/index.html', target: '_self' },
    ],
    sidebar: [
      {
        text: 'Tutorials',
        items: [
          to('Start', '/start'),
          to('Your image folder', '/tutorial-image-folder'),
          to('Your table', '/tutorial-table'),
          to('In your training', '/in-your-training'),
          to('Your PyTorch checkpoints', '/pytorch-checkpoints'),
          to('Your Keras checkpoints', '/keras-checkpoints'),
          to('In a page', '/browser'),
          to('The demo', '/demo'),
        ],
      },
      {
        text: 'How to',
        items: [
          to('Score your data', '/score'),
          to('Read what was found', '/issues'),
          to('Look and decide', '/explorer'),
          to('Watch it live', '/live'),
          to('Export', '/export'),
          to('Import answers', '/import'),
          to('Write a report', '/report'),
          to('Reports in a program', '/reports-and-files'),
          to('Save and resume', '/saving'),
          to('A loop of your own', '/manual-loop'),
          to('Detect out of distribution', '/ood-detectors'),
          to('Evaluate detectors', '/ood-evaluation'),
          to('Curriculum', '/curriculum'),
          to('Shards and workers', '/shards'),
          to('Queues', '/queue'),
          to('Slurm, Kubernetes, compose', '/templates'),
          to('TensorBoard', '/tensorboard'),
          to('Examine a machine', '/doctor'),
          to('Native TensorFlow', '/native-tensorflow'),
          to('WebGPU', '/webgpu'),
          to('Write a metric', '/writing-a-metric'),
          to('Replace parts', '/provide'),
        ],
      },
      {
        text: 'Concepts',
        items: [
          to('What is computed, and when', '/concepts'),
          to('Tasks', '/tasks'),
          to('Chunks and memory', '/chunks'),
          to('Promises and limits', '/promises'),
          to('Coming from other tools', '/coming-from'),
          to('Questions and trouble', '/troubleshooting'),
        ],
      },
      {
        text: 'Reference',
        items: [
          to('The command line', '/command-line'),
          to('Commands', '/reference/commands'),
          to('API', '/reference/api/'),
          to('Metrics', '/metrics'),
          to('Options', '/options'),
          to('Errors', '/errors'),
          to('The run folder', '/run-folder'),
          to('Readers', '/readers'),
          to('Backends', '/backends'),
          to('What it runs on', '/supported'),
        ],
      },
      {
        text: 'Evidence',
        items: [
          to('Which score for what', '/which-metric'),
          to('The paper, section by section', '/experiments/paper'),
          to('The readings of VoG', '/experiments/readings'),
          to('Trainings to 90 %', '/experiments/accurate'),
          to('Label noise', '/experiments/label-noise'),
          to('Issues beside Datalab', '/experiments/issues'),
          to('What cleaning buys', '/experiments/cleaning'),
          to('Curricula', '/experiments/curriculum'),
          to('Benchmarks', '/benchmarks'),
        ],
      },
      {
        text: 'The project',
        items: [
          to('Architecture', '/architecture'),
          to('Dependencies', '/dependencies'),
          to('Contributing', '/contributing'),
          to('All pages', '/pages'),
          to('Changes', '/changelog'),
        ],
      },
    ],
  },
});
