import { API_MUTANTS } from './api-mutants.ts';
import { CHAOS_MUTANTS } from './chaos-mutants.ts';
import { CONFIGURATION_MUTANTS } from './configuration-mutants.ts';
import { DEMO_INSTANCE_MUTANTS } from './demo-instance-mutants.ts';
import { EFFECT_MUTANTS } from './effect-mutants.ts';
import { GUEST_MUTANTS } from './guest-mutants.ts';
import { IAM_CONNECTOR_MUTANTS } from './iam-connector-mutants.ts';
import { INDIGO_IAM_DOUBLE_MUTANTS } from './indigo-iam-double-mutants.ts';
import { INSTANCE_HANDLER_MUTANTS } from './instance-handler-mutants.ts';
import { INSTANCE_CORE_MUTANTS } from './instance-core-mutants.ts';
import { INSTANCE_READ_MUTANTS } from './instance-read-mutants.ts';
import { INSTANCE_STEP_MUTANTS } from './instance-step-mutants.ts';
import { LDAP_MUTANTS } from './ldap-mutants.ts';
import { INSTANCE_RUN_MUTANTS } from './instance-run-mutants.ts';
import { MERGE_MUTANTS } from './merge-mutants.ts';
import type { Mutant } from './mutant.ts';
import { OFFICIAL_ANSWER_MUTANTS } from './official-answer-mutants.ts';
import { PLAN_STORE_MUTANTS } from './plan-store-mutants.ts';
import { POLICY_MUTANTS } from './policy-mutants.ts';
import { REASSIGNMENT_MUTANTS } from './reassignment-mutants.ts';
import { RESOURCE_MUTANTS } from './resource-mutants.ts';
import { SIMULATION_MUTANTS } from './simulation-mutants.ts';
import { SURFACE_MUTANTS } from './surface-mutants.ts';
import { SYNC_MUTANTS } from './sync-mutants.ts';
import { TOLD_APART_MUTANTS } from './told-apart-mutants.ts';
import { WATCHDOG_MUTANTS } from './watchdog-mutants.ts';

/** Every kept patch. The slow ones first: no lane waits for another at the end. */
export const MUTANTS: readonly Mutant[] = [
  ...CHAOS_MUTANTS,
  ...OFFICIAL_ANSWER_MUTANTS,
  ...INSTANCE_CORE_MUTANTS,
  ...INSTANCE_HANDLER_MUTANTS,
  ...EFFECT_MUTANTS,
  ...PLAN_STORE_MUTANTS,
  ...WATCHDOG_MUTANTS,
  ...REASSIGNMENT_MUTANTS,
  ...RESOURCE_MUTANTS,
  ...API_MUTANTS,
  ...SYNC_MUTANTS,
  ...TOLD_APART_MUTANTS,
  ...MERGE_MUTANTS,
  ...GUEST_MUTANTS,
  ...IAM_CONNECTOR_MUTANTS,
  ...LDAP_MUTANTS,
  ...INDIGO_IAM_DOUBLE_MUTANTS,
  ...INSTANCE_READ_MUTANTS,
  ...INSTANCE_STEP_MUTANTS,
  ...INSTANCE_RUN_MUTANTS,
  ...SIMULATION_MUTANTS,
  ...POLICY_MUTANTS,
  ...CONFIGURATION_MUTANTS,
  ...SURFACE_MUTANTS,
  ...DEMO_INSTANCE_MUTANTS,
];
