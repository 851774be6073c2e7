/**
 * What every schema of Standard Schema (https://standardschema.dev) has, version 1: those of zod, valibot, arktype and
 * others. `E` is what it makes of a valid value.
 * @see node_modules/rx-event-broker/docs/operators/standardDecoder.md
 */
export interface StandardSchema<E> {
  /** The properties of the standard. */
  readonly '~standard': {
    /** The version of the standard. */
    readonly version: 1;
    /** The library that the schema is of. */
    readonly vendor: string;
    /** Checks a value. */
    readonly validate: (value: unknown) => StandardResult<E> | Promise<StandardResult<E>>;
  };
}

/** What a schema says of a value: the value that it made of it, or what is wrong. */
export type StandardResult<E> =
  | {
      /** What the schema made of the value. */
      readonly value: E;
      /** Nothing is wrong. */
      readonly issues?: undefined;
    }
  | {
      /** What is wrong. */
      readonly issues: readonly StandardIssue[];
    };

/** One thing that is wrong with a value. */
export interface StandardIssue {
  /** What is wrong, in words. */
  readonly message: string;
  /** The way to it, from the outermost in: keys, or objects that have them. */
  readonly path?: readonly (PropertyKey | StandardKey)[] | undefined;
}

/** A key of a path, as some libraries give it. */
export interface StandardKey {
  /** The key itself. */
  readonly key: PropertyKey;
}
