namespace Adjoint.Diagnostics;

/// <content>The check along random directions.</content>
internal sealed partial class JacobianCheck
{
    /// <summary>
    /// A random direction for each input and random weights for each output: v'Ju costs two evaluations, and differs where J does, but for a set of
    /// directions of measure zero.
    /// </summary>
    private sealed class Directions
    {
        private readonly JacobianCheck _check;
        private readonly double[][] _u;
        private readonly double[][] _v;

        public Directions(JacobianCheck check, Tensor[] outputs)
        {
            _check = check;
            var random = new Random(check._options.Seed);
            _u = Array.ConvertAll(check._inputs, input => Numbers(Draw(random, input, signed: false)));
            _v = Array.ConvertAll(outputs, output => Numbers(Draw(random, output, signed: false)));
            foreach (var u in _u)
            {
                var norm = Math.Sqrt(u.Sum(x => x * x));
                for (var i = 0; i < u.Length; i++)
                {
                    u[i] /= norm;
                }
            }
        }

        public string? Backward(Tensor[] leaves, Tensor[] outputs)
        {
            var targets = Array.ConvertAll(_check._checked, i => leaves[i]);
            var numerical = Array.ConvertAll(_check._checked, Numerical);
            for (var output = 0; output < outputs.Length; output++)
            {
                if (!outputs[output].RequiresGrad)
                {
                    continue;
                }

                var gradients = Pull(targets, outputs, output);
                for (var i = 0; i < gradients.Length; i++)
                {
                    var input = _check._checked[i];
                    var analytical = gradients[i] is { } gradient ? Dot(Numbers(gradient), _u[input]) : 0;
                    if (Mismatch(analytical, numerical[i][output], input, output, outputs, string.Empty) is { } mismatch)
                    {
                        return mismatch + (_check.Backward(leaves, outputs) ?? SlowModeAgrees);
                    }

                    if (gradients[i] is { } typed && _check.WrongType(input, typed, targets[i]) is { } wrong)
                    {
                        return wrong;
                    }
                }

                var again = Pull(targets, outputs, output);
                for (var i = 0; i < gradients.Length; i++)
                {
                    var (first, second) = (Flat(gradients[i]), Flat(again[i]));
                    if (first.Length != second.Length
                        || first.Zip(second, (a, b) => Math.Abs(a - b)).Any(error => !(error <= _check._options.NondetTol)))
                    {
                        return _check.NotReentrant(output, _check._checked[i]);
                    }
                }
            }

            return _check.Unscaled(leaves, outputs);

            static double[] Flat(Tensor? gradient) => gradient is null ? [] : Numbers(gradient);
        }

        public string? Forward(Tensor[] outputs)
        {
            foreach (var input in _check._checked)
            {
                var numerical = Numerical(input);
                var tangents = _check.Push(input, Shaped(_u[input], _check._inputs[input]));
                for (var output = 0; output < outputs.Length; output++)
                {
                    if (outputs[output].RequiresGrad && Mismatch(
                        Dot(Numbers(tangents[output]), _v[output]), numerical[output], input, output, outputs, "computed with forward mode ")
                        is { } mismatch)
                    {
                        return mismatch + (_check.Forward(outputs) ?? SlowModeAgrees);
                    }
                }
            }

            return null;
        }

        private Tensor?[] Pull(Tensor[] targets, Tensor[] outputs, int output) => Autograd.Grad(
            [outputs[output]], targets, [Shaped(_v[output], outputs[output])], retainGraph: true, allowUnused: true);

        /// <summary>v'Ju of one input for each output, by differences.</summary>
        private double[] Numerical(int input)
        {
            var slopes = _check.Slope(input, Numbers(_check._inputs[input]), _u[input]);
            return [.. slopes.Select((slope, output) => slope.Length == 0 ? 0 : Dot(slope, _v[output]))];
        }

        private string? Mismatch(double analytical, double numerical, int input, int output, Tensor[] outputs, string mode)
        {
            // All numbers are positive, so this is how far the errors of single elements can add up.
            var atol = _check.Atol(input, outputs[output]) * _u[input].Sum() * _v[output].Sum();
            return Math.Abs(analytical - numerical) <= atol + (_check._options.Rtol * Math.Abs(numerical))
                ? null
                : Sentence(mode, output, input, Text(numerical), Text(analytical)) +
                    "The above quantities relating the numerical and analytical jacobians are computed in fast mode, along one random direction. " +
                    "In slow mode: ";
        }

        private const string SlowModeAgrees =
            "Fast gradcheck failed but element-wise differences are small. " +
            "This means that the test might've passed in slow_mode! Leave FastMode out.";

        private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
    }
}
