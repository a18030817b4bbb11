/** What `vogjs --help` prints: on one screen of 24 lines and 80 columns, the three things that people want first. */
export function overview(version: string): string {
  return `vogjs ${version}: which training examples are hard, mislabelled or odd?

  vogjs score photos           score images, a table, checkpoints or outputs
  vogjs explore runs/photos    look at what was found, decide, correct
  vogjs demo                   or see it first, on 10,000 images

With a run
  report <run>                 one page to pass on
  export <run>                 as CSV, Parquet, Label Studio, Argilla, COCO
  import <run> <file>          people's answers
On more cores and machines
  merge <run>                  join shards that were scored one by one
  worker                       score shards from a queue
  template <kind> [data]       a job for Slurm, Kubernetes or Docker Compose
Your own metric, detector or monitor
  new <kind> <name>            begin a package that works, with tests
Of this machine
  doctor                       which backends work, and how fast
  link-libtensorflow [path]    run tfjs-node on a newer TensorFlow
  completion <shell>           for bash, zsh or fish

vogjs COMMAND --help tells a command's options, with examples. -v: version
`.trimEnd();
}
