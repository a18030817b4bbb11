/** Where the few lines go that VoG.js says unasked: a listener of the user's that threw, a mistaken callback list. */
export interface Logger {
  warn(message: string): void;
}

export const consoleLogger: Logger = { warn: (message) => console.warn(message) };
