/** The most memory that this process has had so far: resident, so with Node itself and all that is loaded. */
export const peakRssMiB = (): number => Math.round((process.resourceUsage().maxRSS / 1024) * 10) / 10;
