/** Kinds of values that a parameter can have. */
export const SpaceType = {
  /** Numbers between two bounds. */
  double: "double",
  /** Whole numbers between two bounds, which belong to it. */
  int: "int",
  /** Some numbers, in an order. */
  discrete: "discrete",
  /** Some words, in no order. */
  categorical: "categorical",
} as const;
/** Kinds of values that a parameter can have. */
export type SpaceType = (typeof SpaceType)[keyof typeof SpaceType];

/** How values are drawn from between two bounds. */
export const SpaceDistribution = {
  /** Each as likely as any other. */
  uniform: "uniform",
  /** Each order of magnitude as likely as any other; for learning rates. */
  logUniform: "logUniform",
  /** Around the middle; the bounds are three standard deviations away from it, and a few values lie beyond them. */
  normal: "normal",
  /** As `normal`, on a logarithmic scale. */
  logNormal: "logNormal",
} as const;
/** How values are drawn from between two bounds. */
export type SpaceDistribution = (typeof SpaceDistribution)[keyof typeof SpaceDistribution];

/** The values that a parameter of a {@link Sweep} can have; best made with `doubleSpace` and the functions beside it. */
export interface ParameterSpace {
  /** Kind of the values. */
  type: SpaceType;
  /** Least value; needed for `double` and `int`, which alone have bounds. */
  min?: number;
  /** Greatest value, above `min`; needed for `double` and `int`. */
  max?: number;
  /** Distance of two values, above 0; any by default for `double`, 1 for `int`. Not every algorithm heeds it. */
  step?: number;
  /** How values are drawn; `uniform` by default. Not every algorithm heeds it. */
  distribution?: SpaceDistribution;
  /** The values, each once; needed for `discrete`, as numbers, and `categorical`, which alone have a list. */
  values?: string[];
}

/** Bounds of a parameter. */
export interface SpaceRange {
  /** Least value. */
  min: number;
  /** Greatest value, above `min`. */
  max: number;
  /** Distance of two values, above 0. */
  step?: number;
  /** How values are drawn; `uniform` by default. */
  distribution?: SpaceDistribution;
}

/** Numbers between two bounds, for example a learning rate. */
export function doubleSpace(range: SpaceRange): ParameterSpace {
  return { type: SpaceType.double, ...range };
}

/** Whole numbers between two bounds, for example a number of layers. */
export function intSpace(range: SpaceRange): ParameterSpace {
  return { type: SpaceType.int, ...range };
}

/** Some numbers in rising order, for example batch sizes. */
export function discreteSpace(values: number[]): ParameterSpace {
  return { type: SpaceType.discrete, values: values.map(String) };
}

/** Some words, for example names of optimizers. */
export function categoricalSpace(values: string[]): ParameterSpace {
  return { type: SpaceType.categorical, values };
}
