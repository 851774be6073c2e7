/**
 * The tags of an envelope's fields, in the order in which a core writes them. A tag is `field number << 3 | wire type`.
 *
 * ```
 *   tag       field      number  wire type
 *   0a        id         1       2: a length and its bytes
 *   12        block      2       2
 *   18        type       3       0: a varint
 *   20        version    4       0
 *   2a        chain_id   5       2
 *   32        tx_hash    6       2
 *   2 bytes   payload    101…    2
 * ```
 * A varint below 0x80 takes one byte. In a longer one every byte but the last has the bit 0x80.
 */
export const TAGS = { ID: 0x0a, BLOCK: 0x12, TYPE: 0x18, VERSION: 0x20, CHAIN_ID: 0x2a, TX_HASH: 0x32 } as const;
