/**
 * A value, or the reason why there is none. It has the shape of `Either` in fp-ts, so each is assignable to the other.
 * @see node_modules/rx-event-broker/docs/operators/deserialize.md
 */
export type Either<E, A> =
  | {
      /** Marks a reason. */
      readonly _tag: 'Left';
      /** The reason. */
      readonly left: E;
    }
  | {
      /** Marks a value. */
      readonly _tag: 'Right';
      /** The value. */
      readonly right: A;
    };

export const left = <E>(reason: E): Either<E, never> => ({ _tag: 'Left', left: reason });

export const right = <A>(value: A): Either<never, A> => ({ _tag: 'Right', right: value });
