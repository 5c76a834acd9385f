using System.Collections;
using System.Globalization;

namespace Adjoint.NN;

/// <summary>
/// The limited-memory method of Broyden, Fletcher, Goldfarb and Shanno (<c>torch.optim.LBFGS</c>; Nocedal and Wright, "Numerical Optimization", 2006,
/// algorithm 7.4). A step evaluates the loss several times, so it takes a closure; all parameters are one vector.
/// </summary>
/// <example>
/// <code>
/// optimizer.Step(() =>
/// {
///     optimizer.ZeroGrad();
///     var loss = f(x);
///     loss.Backward();
///     return loss;
/// });
/// </code>
/// </example>
public sealed class LBFGS : Optimizer
{
    private const string StrongWolfe = "strong_wolfe";

    private readonly List<Tensor> _gradientChanges = [];
    private readonly List<Tensor> _steps = [];
    private readonly List<double> _curvatures = [];
    private Tensor? _direction;
    private Tensor? _lastGradient;
    private double _lastLoss;
    private double _scale = 1;
    private double _length;
    private long _iterations;
    private long _evaluations;

    /// <summary>Makes the optimiser, with PyTorch's defaults.</summary>
    /// <param name="parameters">What to optimise, of one dtype; one group.</param>
    /// <param name="lr">The length of steps, the first one tried where there is a line search.</param>
    /// <param name="maxIter">How many directions a step goes along at most.</param>
    /// <param name="maxEval">How often a step evaluates the loss at most; maxIter * 5 / 4 if null.</param>
    /// <param name="toleranceGrad">A step ends where no element of the gradient is larger.</param>
    /// <param name="toleranceChange">A step ends where neither parameters nor the loss change by more.</param>
    /// <param name="historySize">How many changes are remembered.</param>
    /// <param name="strongWolfe">Search along each direction until the strong Wolfe conditions hold (PyTorch's
    /// <c>line_search_fn="strong_wolfe"</c>).</param>
    /// <exception cref="ArgumentException">A number is out of its range, or there are no parameters or several groups.</exception>
    public LBFGS(
        IEnumerable<Tensor> parameters,
        double lr = 1,
        int maxIter = 20,
        int? maxEval = null,
        double toleranceGrad = 1e-7,
        double toleranceChange = 1e-9,
        int historySize = 100,
        bool strongWolfe = false)
        : base(
            parameters,
            ("lr", lr),
            ("max_iter", (long)maxIter),
            ("max_eval", (long)(maxEval ?? (maxIter * 5 / 4))),
            ("tolerance_grad", toleranceGrad),
            ("tolerance_change", toleranceChange),
            ("history_size", (long)historySize),
            ("line_search_fn", strongWolfe ? StrongWolfe : null))
    {
        ThrowUnless(Groups.Count == 1, "LBFGS doesn't support per-parameter options (parameter groups)");
        ThrowUnless(maxIter > 0 && historySize > 0, $"Invalid max_iter or history_size: {maxIter}, {historySize}");
        ThrowUnless(Parameters.All(parameter => parameter.DType == Parameters[0].DType), "LBFGS takes parameters of one dtype");
    }

    private ParameterGroup Group => Groups[0];

    /// <summary>Not possible: this optimiser evaluates the loss several times.</summary>
    /// <exception cref="TensorException">Always.</exception>
    public override void Step() => throw new TensorException("LBFGS evaluates the loss several times: call Step with a closure.");

    /// <inheritdoc/>
    public override Tensor Step(Func<Tensor> closure)
    {
        ArgumentNullException.ThrowIfNull(closure);
        using (TensorScope.Suspend())
        using (Autograd.NoGrad())
        {
            return Iterate(closure);
        }
    }

    /// <inheritdoc/>
    public override OrderedDictionary<string, object?> StateDict()
    {
        var state = new OrderedDictionary<object, object?>();
        if (_evaluations > 0)
        {
            state.Add(0L, new OrderedDictionary<string, object?>
            {
                ["func_evals"] = _evaluations,
                ["n_iter"] = _iterations,
                ["d"] = _direction,
                ["t"] = _length,
                ["old_dirs"] = _gradientChanges.Cast<object?>().ToList(),
                ["old_stps"] = _steps.Cast<object?>().ToList(),
                ["ro"] = _curvatures.Select(curvature => (object?)Tensor.Scalar(curvature)).ToList(),
                ["H_diag"] = _scale,
                ["prev_flat_grad"] = _lastGradient,
                ["prev_loss"] = _lastLoss,
            });
        }

        return new OrderedDictionary<string, object?> { ["state"] = state, ["param_groups"] = WrittenGroups() };
    }

    /// <inheritdoc/>
    public override void LoadStateDict(IDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var groups = GroupsOf(state);
        var own = (state["state"] as IDictionary)?.Values.OfType<IDictionary>().FirstOrDefault();
        using (TensorScope.Suspend())
        using (Autograd.NoGrad())
        {
            TakeGroups(groups);
            _evaluations = (long)Real("func_evals", 0);
            _iterations = (long)Real("n_iter", 0);
            _direction = (own?["d"] as Tensor)?.Clone();
            _length = Real("t", 0);
            _scale = Real("H_diag", 1);
            _lastGradient = (own?["prev_flat_grad"] as Tensor)?.Clone();
            _lastLoss = Real("prev_loss", 0);
            Take(_gradientChanges, "old_dirs", item => ((Tensor)item).Clone());
            Take(_steps, "old_stps", item => ((Tensor)item).Clone());
            Take(_curvatures, "ro", Real1);
        }

        double Real(string name, double otherwise) => own?[name] is { } value ? Real1(value) : otherwise;

        static double Real1(object value) => value is Tensor number ? number.Item() : Convert.ToDouble(value, CultureInfo.InvariantCulture);

        void Take<T>(List<T> list, string name, Func<object, T> read)
        {
            list.Clear();
            list.AddRange(own?[name] is IEnumerable items ? items.Cast<object>().Select(read) : []);
        }
    }

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state) =>
        throw new TensorException("LBFGS changes all parameters together.");

    private Tensor Iterate(Func<Tensor> closure)
    {
        var first = Evaluate(closure, out var loss, out var gradient);
        long evaluations = 1;
        _evaluations++;
        var (most, mostEvaluations) = ((long)Group["max_iter"]!, (long)Group["max_eval"]!);
        var (small, change) = (Group.Number("tolerance_grad"), Group.Number("tolerance_change"));
        for (long i = 1; i <= most && Largest(gradient) > small; i++)
        {
            _iterations++;
            Direct(gradient);
            (_lastGradient, _lastLoss) = (gradient, loss);
            var direction = _direction!;
            _length = _iterations == 1 ? Math.Min(1, 1 / gradient.Abs().Sum().Item()) * Group.LearningRate : Group.LearningRate;
            var slope = Dot(gradient, direction);
            if (slope > -change)
            {
                break;
            }

            if (Group["line_search_fn"] is StrongWolfe)
            {
                var start = Parameters.Select(parameter => parameter.Detach().Clone()).ToArray();
                var search = new WolfeSearch(
                    length =>
                    {
                        Move(direction, length);
                        Evaluate(closure, out var value, out var there);
                        for (var k = 0; k < start.Length; k++)
                        {
                            Parameters[k].Copy_(start[k]);
                        }

                        return (value, there, Dot(there, direction));
                    },
                    Largest(direction));
                (loss, gradient, _length) = search.Run(_length, loss, gradient, slope);
                Move(direction, _length);
                evaluations += search.Evaluations;
                _evaluations += search.Evaluations;
            }
            else
            {
                Move(direction, _length);
                if (i != most)
                {
                    Evaluate(closure, out loss, out gradient);
                    evaluations++;
                    _evaluations++;
                }
            }

            if (evaluations >= mostEvaluations || Largest(direction) * Math.Abs(_length) <= change || Math.Abs(loss - _lastLoss) < change)
            {
                break;
            }
        }

        return first;
    }

    /// <summary>The next direction: the gradient times the inverse of what the curvature is known to be, downhill.</summary>
    private void Direct(Tensor gradient)
    {
        if (_iterations == 1 || _lastGradient is null)
        {
            _direction = -gradient;
            _scale = 1;
            return;
        }

        var (change, step) = (gradient - _lastGradient, _direction! * _length);
        var curvature = Dot(change, step);
        if (curvature > 1e-10)
        {
            if (_steps.Count == (long)Group["history_size"]!)
            {
                _gradientChanges.RemoveAt(0);
                _steps.RemoveAt(0);
                _curvatures.RemoveAt(0);
            }

            _gradientChanges.Add(change);
            _steps.Add(step);
            _curvatures.Add(1 / curvature);
            _scale = curvature / Dot(change, change);
        }

        var weights = new double[_steps.Count];
        var direction = -gradient;
        for (var i = _steps.Count - 1; i >= 0; i--)
        {
            weights[i] = Dot(_steps[i], direction) * _curvatures[i];
            AddScaled(direction, _gradientChanges[i], -weights[i]);
        }

        direction.Mul_(_scale);
        for (var i = 0; i < _steps.Count; i++)
        {
            AddScaled(direction, _steps[i], weights[i] - (Dot(_gradientChanges[i], direction) * _curvatures[i]));
        }

        _direction = direction;
    }

    private Tensor Evaluate(Func<Tensor> closure, out double loss, out Tensor gradient)
    {
        var result = Autograd.EnableGrad(closure);
        loss = result.Item();
        gradient = Tensor.Cat([.. Parameters.Select(parameter => (parameter.Grad ?? Tensor.ZerosLike(parameter)).Detach().Reshape(-1))], 0);
        return result;
    }

    private void Move(Tensor direction, double length)
    {
        var start = 0;
        foreach (var parameter in Parameters)
        {
            var count = (int)parameter.Count;
            AddScaled(parameter, direction.Narrow(0, start, count).Reshape(parameter.Shape), length);
            start += count;
        }
    }

    /// <summary>
    /// y += a * x with one rounding, as PyTorch's loops have it: a line search in a narrow valley makes a difference of the last bit a million times
    /// larger.
    /// </summary>
    private static void AddScaled(Tensor y, Tensor x, double a)
    {
        var (sum, other) = (y.Detach().ToArray<double>(), x.ToArray<double>());
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] = Math.FusedMultiplyAdd(other[i], a, sum[i]);
        }

        y.Copy_(Tensor.FromArray(sum).Reshape(y.Shape));
    }

    private static double Dot(Tensor x, Tensor y) => (x * y).Sum().Item();

    private static double Largest(Tensor x) => x.Count == 0 ? 0 : x.Abs().Max().Item();
}
