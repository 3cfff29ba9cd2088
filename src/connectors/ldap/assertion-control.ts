import { Ber, BerWriter, Control, type Filter } from 'ldapts';

/** The result of a request whose assertion does not hold (RFC 4528). */
export const ASSERTION_FAILED = 122;

/** The request is carried out only if the entry matches the filter at that moment (RFC 4528). */
export class AssertionControl extends Control {
  readonly #filter: Filter;

  constructor(filter: Filter) {
    super('1.3.6.1.1.12', { critical: true });
    this.#filter = filter;
  }

  protected override writeControl(writer: BerWriter): void {
    const inner = new BerWriter();
    this.#filter.write(inner);
    writer.writeBuffer(inner.buffer, Ber.OctetString);
  }
}
