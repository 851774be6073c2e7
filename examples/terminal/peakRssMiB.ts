/** The peak resident memory of this process so far, including Node itself and all loaded code. */
export const peakRssMiB = (): number => Math.round((process.resourceUsage().maxRSS / 1024) * 10) / 10;
