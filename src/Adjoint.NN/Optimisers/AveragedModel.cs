using System.Collections;
using System.Globalization;
using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint.NN;

/// <summary>
/// The mean of a model's parameters over its training (<c>torch.optim.swa_utils.AveragedModel</c>): of all steps alike (Izmailov and others,
/// "Averaging
/// Weights Leads to Wider Optima and Better Generalization", 2018), or with a decay, the exponential moving average (EMA).
/// </summary>
/// <example>
/// <code>
/// var averaged = new AveragedModel(model, decay: 0.999);
/// // after each optimizer.Step():
/// averaged.UpdateParameters();
/// // to evaluate:
/// using (averaged.Apply()) { Evaluate(model); }
/// </code>
/// </example>
public sealed class AveragedModel
{
    private readonly (string Name, Tensor Value)[] _parameters;
    private readonly Tensor[] _means;
    private readonly Tensor?[] _kept;
    private readonly double? _decay;
    private bool _isApplied;

    /// <summary>Starts with the parameters as they are.</summary>
    /// <param name="model">The model.</param>
    /// <param name="decay">How slowly the mean forgets; null if it never does.</param>
    /// <exception cref="ArgumentException">The decay is not between 0 and 1.</exception>
    public AveragedModel(Module model, double? decay = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (decay is < 0 or > 1 or double.NaN)
        {
            throw new ArgumentException(FormattableString.Invariant($"Invalid decay value {decay} provided. Please provide a value in [0,1] range."));
        }

        _decay = decay;
        _parameters = [.. model.NamedParameters()];
        _kept = new Tensor?[_parameters.Length];
        using (TensorScope.Suspend())
        {
            // A mean of few bits would not take in what is much smaller than it.
            _means =
            [
                .. _parameters.Select(parameter => IsShort(parameter.Value)
                    ? parameter.Value.Detach().To(DType.Float32)
                    : parameter.Value.Detach().Clone()),
            ];
        }
    }

    /// <summary>How often the mean was updated (<c>n_averaged</c>).</summary>
    public long Count { get; private set; }

    /// <summary>The means, by the names of the parameters.</summary>
    public IEnumerable<(string Name, Tensor Value)> NamedMeans => _parameters.Select((parameter, i) => (parameter.Name, _means[i]));

    /// <summary>Takes the parameters as they are into the mean; the first time they are the mean.</summary>
    public void UpdateParameters()
    {
        var take = Count == 0 ? 1 : _decay is { } decay ? 1 - decay : 1.0 / (Count + 1);
        using (Autograd.NoGrad())
        {
            for (var i = 0; i < _means.Length; i++)
            {
                Op.Update(new Towards(take), _means[i], _parameters[i].Value.Detach().To(_means[i].DType));
            }
        }

        Count++;
    }

    /// <summary>Puts the means in place of the parameters, until the result is disposed.</summary>
    /// <exception cref="TensorException">They are there already.</exception>
    public IDisposable Apply()
    {
        if (_isApplied)
        {
            throw new TensorException("The means are in place of the parameters already: dispose what Apply returned first.");
        }

        return new Swapped(this);
    }

    /// <summary>The state as PyTorch's <c>state_dict</c> has it: <c>n_averaged</c>, and <c>module.</c> with the name of each parameter.</summary>
    public OrderedDictionary<string, object?> StateDict()
    {
        var state = new OrderedDictionary<string, object?> { ["n_averaged"] = Tensor.Scalar(Count) };
        foreach (var (name, value) in NamedMeans)
        {
            state["module." + name] = value;
        }

        return state;
    }

    /// <summary>Takes over a state.</summary>
    /// <param name="state">What <see cref="StateDict"/> gave.</param>
    /// <exception cref="ArgumentException">A mean is missing.</exception>
    public void LoadStateDict(IDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Tensor[] read =
        [
            .. _parameters.Select(parameter => state["module." + parameter.Name] as Tensor
                ?? throw new ArgumentException($"The state has no 'module.{parameter.Name}'.", nameof(state))),
        ];
        using (Autograd.NoGrad())
        {
            for (var i = 0; i < read.Length; i++)
            {
                _means[i].Copy_(read[i]);
            }
        }

        Count = state["n_averaged"] is Tensor count ? (long)count.Item() : Convert.ToInt64(state["n_averaged"], CultureInfo.InvariantCulture);
    }

    private static bool IsShort(Tensor x) => x.DType == DType.Float16 || x.DType == DType.BFloat16;

    private void Swap()
    {
        using (TensorScope.Suspend())
        using (Autograd.NoGrad())
        {
            for (var i = 0; i < _means.Length; i++)
            {
                var kept = _kept[i];
                _kept[i] = kept is null ? _parameters[i].Value.Detach().Clone() : null;
                _parameters[i].Value.Copy_(kept ?? _means[i]);
            }
        }

        _isApplied = !_isApplied;
    }

    /// <summary>x = x + take * (p - x).</summary>
    private readonly struct Towards(double take) : IUpdate
    {
        public static string Name => "AveragedModel.UpdateParameters";

        public V F<V>(V x, V a, V b)
            where V : struct, IReal<V> => take == 1 ? a : x + (V.Of(take) * (a - x));
    }

    private sealed class Swapped : IDisposable
    {
        private AveragedModel? _model;

        public Swapped(AveragedModel model)
        {
            _model = model;
            model.Swap();
        }

        public void Dispose()
        {
            _model?.Swap();
            _model = null;
        }
    }
}
