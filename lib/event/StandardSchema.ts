/**
 * A schema that follows Standard Schema (https://standardschema.dev), version 1, such as one of zod, valibot or arktype.
 * `E` is the type of its result.
 * @see node_modules/rx-event-broker/docs/operators/standardDecoder.md
 */
export interface StandardSchema<E> {
  /** The properties of the standard. */
  readonly '~standard': {
    /** The version of the standard. */
    readonly version: 1;
    /** The library that made the schema. */
    readonly vendor: string;
    /** Checks a value. */
    readonly validate: (value: unknown) => StandardResult<E> | Promise<StandardResult<E>>;
  };
}

/** The result of a schema: the value that it made, or what is wrong. */
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

/** One problem of a value. */
export interface StandardIssue {
  /** What is wrong, in words. */
  readonly message: string;
  /** The path to the problem, from the outermost key to the innermost. Some libraries wrap a key in an object. */
  readonly path?: readonly (PropertyKey | StandardKey)[] | undefined;
}

/** A key of a path, as some libraries give it. */
export interface StandardKey {
  /** The key itself. */
  readonly key: PropertyKey;
}
