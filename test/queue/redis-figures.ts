import { connect } from 'node:net';

/** Figures that a Redis tells of itself, by name: `total_commands_processed`, `used_memory_peak` and so on. */
export function redisFigures(url: string): Promise<Readonly<Record<string, number>>> {
  const { hostname, port, password } = new URL(url);
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(`AUTH ${decodeURIComponent(password)}\r\nINFO\r\nQUIT\r\n`);
    });
    socket.setEncoding('utf8').setTimeout(10_000, () => socket.destroy(new Error('Redis says nothing')));
    socket.on('data', (text) => (said += text));
    socket.on('error', reject);
    socket.on('close', () => {
      const lines = [...said.matchAll(/^(\w+):([\d.]+)\r?$/gm)];
      resolve(Object.fromEntries(lines.map(([, name = '', value]) => [name, Number(value)])));
    });
  });
}
