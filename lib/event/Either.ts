/**
 * A value, or the reason why there is none. The same in shape as that of fp-ts, so either may be given for the other.
 * @see node_modules/rx-event-broker/docs/operators/deserialize.md
 */
export type Either<E, A> =
  | {
      /** Says that it is a reason. */
      readonly _tag: 'Left';
      /** The reason. */
      readonly left: E;
    }
  | {
      /** Says that it is a value. */
      readonly _tag: 'Right';
      /** The value. */
      readonly right: A;
    };

export const left = <E>(reason: E): Either<E, never> => ({ _tag: 'Left', left: reason });

export const right = <A>(value: A): Either<never, A> => ({ _tag: 'Right', right: value });
