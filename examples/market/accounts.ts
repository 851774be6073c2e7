/** The balance of a party in an asset. `held` is the part that its open orders may need. */
export interface MarketAccount {
  readonly id: string;
  readonly owner: string;
  readonly asset: string;
  balance: number;
  held: number;
}

export interface Accounts {
  open(account: Omit<MarketAccount, 'held'>): void;
  of(owner: string, asset: string): MarketAccount;
  all(): Iterable<MarketAccount>;
}

/** Only a table. Money moves in `exchange`, from one account to another. */
export const accounts = (): Accounts => {
  const byOwner = new Map<string, MarketAccount>();
  const key = (owner: string, asset: string): string => `${owner}/${asset}`;
  return {
    open: account => void byOwner.set(key(account.owner, account.asset), { ...account, held: 0 }),
    of: (owner, asset) => byOwner.get(key(owner, asset))!,
    all: () => byOwner.values(),
  };
};
