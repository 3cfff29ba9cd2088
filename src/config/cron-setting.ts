import * as z from 'zod';
import { translateSpringCron } from '../schedule/spring-cron.ts';
import { wanted } from './settings.ts';

/** A cron expression as Spring writes it; refused with the reason if a Temporal Schedule cannot say it. */
export const springCron = (): z.ZodString =>
  wanted(
    z.string().superRefine((expression, context) => {
      try {
        translateSpringCron(expression, 'UTC');
      } catch (error) {
        context.addIssue({
          code: 'custom',
          message: error instanceof Error ? error.message : 'cannot be read',
        });
      }
    }),
    'six fields, seconds first, such as "0 15 * * * *", or "-" for never',
  );
