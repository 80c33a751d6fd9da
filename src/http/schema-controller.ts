/**
 * How Fastify keeps the app's schemas and comes by their validators: one collection, and one of each validator. By
 * itself it copies all schemas for each plugin and route, and has the validators made anew for each route.
 */
import type { ValidateFunction } from 'ajv/dist/2020.js';
import type { FastifyServerOptions } from 'fastify';
import type { FastifyRouteSchemaDef } from 'fastify/types/schema.js';
import { makeValidators, type Part } from '../engine/validate.ts';

type Schemas = Record<string, { readonly $id: string }>;
type Route = Pick<FastifyRouteSchemaDef<object>, 'httpPart' | 'schema'>;

/** Gives the validator of one part of a route; it is compiled when first used, as most routes of a process never are. */
export type Validators = (schemas: Schemas) => (route: Route) => Pick<ValidateFunction, 'errors'>;

/**
 * Makes what compiles validators. Apps may share one: which schemas there are depends on the code alone, so that the
 * first app's are every app's.
 */
export function routeValidators(): Validators {
  const known = new Map<string, ValidateFunction>();
  let compile: ReturnType<typeof makeValidators> | undefined;
  const validatorOf = (schemas: Schemas, { httpPart, schema }: Route) => {
    const part = (httpPart ?? 'body') as Part;
    // Routes of one shape have equal schemas, and equal schemas equal validators.
    const key = `${part} ${JSON.stringify(schema)}`;
    compile ??= makeValidators(Object.values(schemas));
    const validate = known.get(key) ?? compile(part, schema);
    known.set(key, validate);
    return validate;
  };
  return (schemas) => (route) => {
    let validate: ValidateFunction | undefined;
    const lazy = (data: unknown) => {
      validate ??= validatorOf(schemas, route);
      const right = validate(data);
      lazy.errors = validate.errors;
      return right;
    };
    lazy.errors = undefined as ValidateFunction['errors'];
    return lazy;
  };
}

/** What Fastify is to use for one app. */
export function schemaController(
  validators: Validators,
): NonNullable<FastifyServerOptions['schemaController']> {
  const schemas: Schemas = {};
  const bucket = {
    add(schema: Schemas[string]) {
      // Fastify adds it for the app, and again for each plugin.
      const known = schemas[schema.$id] ?? schema;
      if (known !== schema) throw new Error(`there are two schemas named ${schema.$id}`);
      schemas[schema.$id] = schema;
    },
    getSchema: (id: string) => schemas[id],
    getSchemas: () => schemas,
  };
  // Fastify types both as what its own do.
  return {
    bucket: (() => bucket) as never,
    compilersFactory: { buildValidator: validators as never },
  };
}
