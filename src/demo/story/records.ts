import type { HrDoubleContract, HrDoubleParticipation, HrDoublePerson } from '../doubles/hr-double-person.ts';
import { MAIL_DOMAIN } from '../demo-config.ts';

/** A contract from the first to the last day; without a last day it is open-ended. */
export function contract(
  startDate: string,
  endDate: string | null = null,
  excluded = false,
): HrDoubleContract {
  return { id: `C-${startDate}`, startDate, endDate, ...(excluded && { excluded }) };
}

export function participation(experiment: string, startDate: string, endDate: string): HrDoubleParticipation {
  return { experiment, startDate, endDate };
}

/** A record with what most people have: an address at the organisation, one elsewhere, and Greta as supervisor. */
export function record(
  id: number,
  firstName: string,
  name: string,
  rest: Partial<HrDoublePerson>,
): HrDoublePerson {
  return {
    id,
    firstName,
    name,
    email: `${firstName}.${name}@${MAIL_DOMAIN}`.toLowerCase(),
    externalEmail: `${firstName}.${name}@home.example`.toLowerCase(),
    department: 'IT',
    group: 'PW',
    contracts: [],
    supervisorId: GRETA,
    ...rest,
  };
}

export const GRETA = 700001;
export const HEIDI = 700002;
/** The fallback owner of service accounts. */
export const FELIX = 700009;
