/** So many texts that tell their place. */
export const numbered = (count: number) => Array.from({ length: count }, (_, at) => `message ${at}`);
