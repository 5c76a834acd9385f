namespace Adjoint.Kernels;

/// <summary>
/// Distributions that take an unforeseen number of words of the generator, or whose parameters differ from element to element. The recipes, and the
/// order in which they take uniform and normal numbers, are meant to be those of PyTorch's CPU kernels; all compute in double precision.
/// </summary>
internal static partial class Draws
{
    /// <summary>Cauchy's distribution, by its inverse.</summary>
    internal static double Cauchy(double u, double median, double sigma) => median + (sigma * Math.Tan(Math.PI * (u - 0.5)));

    /// <summary>The number of trials until the first success, 1 at least.</summary>
    internal static double Geometric(double u, double p) => Math.Ceiling(Math.Log(u) / Algebra.Functions.Log1p.Value(-p));

    /// <summary>One draw of each element, all under one lock; the recipe gets the number of the element.</summary>
    internal static void Each(Generator g, Span<double> into, Func<Source, int, double> recipe)
    {
        lock (g.Gate)
        {
            var source = new Source(g);
            for (var i = 0; i < into.Length; i++)
            {
                into[i] = recipe(source, i);
            }
        }
    }

    /// <summary>Where recipes take their numbers from, while the generator is locked.</summary>
    internal readonly struct Source(Generator g)
    {
        /// <summary>Uniform in [0, 1), from two words.</summary>
        public double Uniform => Uniform53(g.Engine);

        /// <summary>Standard normal.</summary>
        public double Normal => NextNormal(g);

        /// <summary>
        /// The gamma distribution of scale 1 (G. Marsaglia and W. Tsang, 2000): the cube of a normal number, accepted or not; below 1 that of shape
        /// a + 1 times u^(1 / a).
        /// </summary>
        public double Gamma(double shape)
        {
            if (double.IsNaN(shape) || shape == 0)
            {
                return shape;
            }

            var scale = 1.0;
            if (shape < 1)
            {
                scale = Math.Pow(1 - Uniform, 1 / shape);
                shape += 1;
            }

            var d = shape - (1.0 / 3);
            var c = 1 / Math.Sqrt(9 * d);
            while (true)
            {
                double x, root;
                do
                {
                    x = Normal;
                    root = 1 + (c * x);
                }
                while (root <= 0);

                var v = root * root * root;
                var u = 1 - Uniform;
                var square = x * x;
                if (u < 1 - (0.0331 * square * square) || Math.Log(u) < (0.5 * square) + (d * (1 - v + Math.Log(v))))
                {
                    return scale * d * v;
                }
            }
        }

        /// <summary>Poisson's distribution: below 10 a product of uniform numbers, above transformed rejection (W. Hörmann, 1993, PTRS).</summary>
        public double Poisson(double rate)
        {
            if (rate == 0 || !double.IsFinite(rate))
            {
                return rate;
            }

            if (rate < 10)
            {
                var limit = Math.Exp(-rate);
                var count = 0;
                for (var product = Uniform; product > limit; product *= Uniform)
                {
                    count++;
                }

                return count;
            }

            var root = Math.Sqrt(rate);
            var log = Math.Log(rate);
            var b = 0.931 + (2.53 * root);
            var a = -0.059 + (0.02483 * b);
            var inverse = 1.1239 + (1.1328 / (b - 3.4));
            var sure = 0.9277 - (3.6224 / (b - 2));
            while (true)
            {
                var u = Uniform - 0.5;
                var v = Uniform;
                var edge = 0.5 - Math.Abs(u);
                var k = Math.Floor((((2 * a / edge) + b) * u) + rate + 0.43);
                if (edge >= 0.07 && v <= sure)
                {
                    return k;
                }

                if (k >= 0 && !(edge < 0.013 && v > edge)
                    && Math.Log(v) + Math.Log(inverse) - Math.Log((a / (edge * edge)) + b)
                        <= (k * log) - rate - Algebra.Functions.Special.Lgamma.Value(k + 1))
                {
                    return k;
                }
            }
        }

        /// <summary>
        /// The binomial distribution, of the rarer outcome: waiting times where fewer than 10 are expected, transformed rejection above (W. Hörmann,
        /// 1993, BTRS).
        /// </summary>
        public double Binomial(double count, double p)
        {
            if (!double.IsFinite(count) || double.IsNaN(p))
            {
                return double.NaN;
            }

            if (count <= 0 || p <= 0)
            {
                return 0;
            }

            if (p >= 1)
            {
                return count;
            }

            return p <= 0.5 ? Rarer(count, p) : count - Rarer(count, 1 - p);
        }

        private double Rarer(double count, double p) => count * p >= 10 ? Rejected(count, p) : Waited(count, p);

        private double Waited(double count, double p)
        {
            var log = Algebra.Functions.Log1p.Value(-p);
            double past = 0, hits = 0;
            while (true)
            {
                past += Math.Ceiling(Math.Log(Uniform) / log);
                if (!(past <= count))
                {
                    return hits;
                }

                hits++;
            }
        }

        private double Rejected(double count, double p)
        {
            var deviation = Math.Sqrt(count * p * (1 - p));
            var b = 1.15 + (2.53 * deviation);
            var a = -0.0873 + (0.0248 * b) + (0.01 * p);
            var c = (count * p) + 0.5;
            var sure = 0.92 - (4.2 / b);
            var odds = p / (1 - p);
            var alpha = (2.83 + (5.1 / b)) * deviation;
            var mode = Math.Floor((count + 1) * p);
            while (true)
            {
                var u = Uniform - 0.5;
                var v = Uniform;
                var edge = 0.5 - Math.Abs(u);
                var k = Math.Floor((((2 * a / edge) + b) * u) + c);
                if (edge >= 0.07 && v <= sure)
                {
                    return k;
                }

                if (k < 0 || k > count)
                {
                    continue;
                }

                var most = ((mode + 0.5) * Math.Log((mode + 1) / (odds * (count - mode + 1))))
                    + ((count + 1) * Math.Log((count - mode + 1) / (count - k + 1)))
                    + ((k + 0.5) * Math.Log(odds * (count - k + 1) / (k + 1)))
                    + Tail(mode) + Tail(count - mode) - Tail(k) - Tail(count - k);
                if (Math.Log(v * alpha / ((a / (edge * edge)) + b)) <= most)
                {
                    return k;
                }
            }
        }

        /// <summary>log(k!) less Stirling's formula at k + 1.</summary>
        private static double Tail(double k) => k < 10
            ? Algebra.Functions.Special.Lgamma.Value(k + 1) - ((k + 0.5) * Math.Log(k + 1)) + (k + 1) - 0.91893853320467274
            : Algebra.Functions.Special.Lgamma.Rest(k + 1);
    }
}
