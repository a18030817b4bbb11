import type { Option, Presence } from './option.js';

/** Options by name. */
export type Entries = Readonly<Record<string, Option<unknown>>>;

/** The type of an option's value. */
export type ValueOf<O> = O extends Option<infer Value, Presence> ? Value : never;

/** Written out, so that an editor shows the options and not how their type was made. */
type Flat<T> = { readonly [Name in keyof T]: T[Name] };

/** What a caller gives: every option by name, those that are not required at will. */
export type InputOf<E extends Entries> = Flat<
  { readonly [Name in keyof E as E[Name] extends Option<unknown, 'required'> ? Name : never]: ValueOf<E[Name]> } & {
    readonly [Name in keyof E as E[Name] extends Option<unknown, 'required'> ? never : Name]?: ValueOf<E[Name]>;
  }
>;

/** What the callee gets: defaults filled in; what is optional may lack. */
export type ResolvedOf<E extends Entries> = Flat<
  { readonly [Name in keyof E as E[Name] extends Option<unknown, 'optional'> ? never : Name]: ValueOf<E[Name]> } & {
    readonly [Name in keyof E as E[Name] extends Option<unknown, 'optional'> ? Name : never]?: ValueOf<E[Name]>;
  }
>;
