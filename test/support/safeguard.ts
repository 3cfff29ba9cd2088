import type { SafeguardLimits } from '../../src/contracts/plan.ts';

/** The limits of domain §11. */
export const SAFEGUARD: SafeguardLimits = {
  lossCount: 3,
  lossPercent: 5,
  lossMaximum: 200,
  hours: 24,
  answeredPercent: 90,
  missingCount: 3,
};
