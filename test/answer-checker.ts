/** Holds answers against the OpenAPI description. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { FastifyInstance } from 'fastify';
import findMyWay from 'find-my-way';
import { formats } from '../src/engine/formats.ts';
import { descriptionOf } from './databases.ts';
import { type Answer, JSON_TYPE } from './helper.ts';

/** Says what is wrong with an answer; nothing where it is as described. */
export type Checker = (method: string, url: string, answer: Answer) => unknown;

/** Most validators check a few answers: making their code better takes longer than running it as it is. */
const UNPOLISHED = { optimize: false };

/** Makes the check of an app's answers. */
export function answerChecker(app: FastifyInstance): Checker {
  const description = JSON.parse(descriptionOf(app));
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true, code: UNPOLISHED });
  addFormats.default(ajv, ['uuid', 'date-time', 'uri']);
  for (const [name, { validate }] of Object.entries(formats)) ajv.addFormat(name, validate);
  ajv.addSchema({ $id: 'api', ...description });
  const router = findMyWay({ maxParamLength: 5000 });
  for (const path of Object.keys(description.paths)) {
    router.on('GET', path.replace(/\{(\w+)\}/g, ':$1'), () => undefined, path);
  }
  const compiled = new Map<string, ReturnType<typeof ajv.compile>>();
  const validatorOf = (at: string) => {
    const validate = compiled.get(at) ?? ajv.compile({ $ref: `api#/${at}` });
    compiled.set(at, validate);
    return validate;
  };
  const escaped = (part: string) =>
    part.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D');
  return (method, url, { status, headers, body, text }) => {
    const problem = status >= 400;
    const type = String(headers['content-type'] ?? '').split(';')[0];
    if (problem && type !== 'application/problem+json') return `a ${status} of type ${type}`;
    if (problem) {
      const validate = validatorOf('components/schemas/Problem');
      if (!validate(body)) return validate.errors;
    }
    const path = router.find('GET', url.split('?')[0] as string)?.store as string | undefined;
    const operation = path && description.paths[path][method.toLowerCase()];
    if (!operation) return undefined;
    const described = operation.responses[status];
    if (!described) return `${status} is not among the described answers of ${operation.operationId}`;
    if (problem || described.content === undefined) return undefined;
    if (!described.content[type as string]) return `a ${status} of type ${type}`;
    const validate = validatorOf(
      `paths/${escaped(path)}/${method.toLowerCase()}/responses/${status}/content/${escaped(type as string)}/schema`,
    );
    return validate(JSON_TYPE.test(type as string) ? body : text) ? undefined : validate.errors;
  };
}
