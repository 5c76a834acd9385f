using System.Collections;
using System.Globalization;

namespace Adjoint.NN;

/// <content>An optimiser's state as a dictionary of PyTorch's form.</content>
public abstract partial class Optimizer
{
    private const string StepName = "step";
    private const string ParamsName = "params";

    /// <summary>
    /// The state as PyTorch's <c>state_dict</c> has it: <c>state</c>, by the number of a parameter, what is remembered of it, and
    /// <c>param_groups</c>, the
    /// settings. <c>TorchFile.Save</c> writes it for <c>load_state_dict</c>. Tensors share memory with the optimiser's.
    /// </summary>
    public virtual OrderedDictionary<string, object?> StateDict()
    {
        var state = new OrderedDictionary<object, object?>();
        for (var i = 0; i < _parameters.Count; i++)
        {
            if (Written(_states[_parameters[i]]) is { Count: > 0 } written)
            {
                state.Add((long)i, written);
            }
        }

        return new OrderedDictionary<string, object?> { ["state"] = state, ["param_groups"] = WrittenGroups() };
    }

    /// <summary>Takes over a state that <see cref="StateDict"/> or PyTorch made, converted to the parameters' dtypes, or to that of their copies;
    /// tensors are copied.</summary>
    /// <param name="state">The dictionary, such as <c>TorchFile.Load</c> gives it.</param>
    /// <exception cref="ArgumentException">It is no such dictionary, or of other groups; nothing has changed then.</exception>
    public virtual void LoadStateDict(IDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var groups = GroupsOf(state);
        var all = state["state"] as IDictionary ?? throw new ArgumentException("The dictionary has no 'state'.", nameof(state));
        var read = new List<ParameterState>();

        // A file's parameters are numbered by the groups, which need not count them in order.
        var numbers = groups.SelectMany(group => ((IEnumerable)group[ParamsName]!).Cast<object>()).ToArray();
        for (var i = 0; i < numbers.Length; i++)
        {
            var dtype = HasMaster(_parameters[i]) ? DType.Float32 : _parameters[i].DType;
            read.Add(all[Key(all, numbers[i])] is IDictionary own ? Read(own, _parameters[i], dtype) : new ParameterState());
        }

        TakeGroups(groups);
        for (var i = 0; i < read.Count; i++)
        {
            _states[_parameters[i]] = read[i];
        }
    }

    private protected List<object?> WrittenGroups()
    {
        var groups = new List<object?>();
        long next = 0;
        foreach (var group in _groups)
        {
            var written = new OrderedDictionary<string, object?>();
            foreach (var (name, value) in group.Options)
            {
                written[name] = value is (double first, double second) ? new object?[] { first, second } : value;
            }

            foreach (var (name, value) in Unused)
            {
                written.TryAdd(name, value);
            }

            written[ParamsName] = group.Items.Select(_ => (object?)next++).ToList();
            groups.Add(written);
        }

        return groups;
    }

    /// <summary>The groups of a dictionary, which fit the optimiser's.</summary>
    private protected List<IDictionary> GroupsOf(IDictionary state)
    {
        var groups = (state["param_groups"] as IEnumerable)?.OfType<IDictionary>().ToList()
            ?? throw new ArgumentException("The dictionary has no 'param_groups'.", nameof(state));
        ThrowUnless(groups.Count == _groups.Count, "loaded state dict has a different number of parameter groups");
        for (var i = 0; i < groups.Count; i++)
        {
            ThrowUnless(
                groups[i][ParamsName] is IEnumerable items && items.Cast<object>().Count() == _groups[i].Items.Length,
                "loaded state dict contains a parameter group that doesn't match the size of optimizer's group");
        }

        return groups;
    }

    private protected void TakeGroups(List<IDictionary> groups)
    {
        for (var i = 0; i < groups.Count; i++)
        {
            foreach (DictionaryEntry entry in groups[i])
            {
                var name = (string)entry.Key;
                if (name != ParamsName && !Unused.ContainsKey(name))
                {
                    _groups[i].Options[name] = Option(entry.Value, _defaults.GetValueOrDefault(name));
                }
            }
        }
    }

    /// <summary>Settings of PyTorch that choose between its implementations: written with its defaults, for readers that look for them.</summary>
    private static OrderedDictionary<string, object?> Unused { get; } = new()
    {
        ["foreach"] = null, ["capturable"] = false, ["differentiable"] = false, ["fused"] = null,
    };

    private static object? Option(object? value, object? like) => value switch
    {
        IEnumerable pair and not string when like is (double, double) =>
            pair.Cast<object>().ToArray() is [var first, var second]
                ? (Real(first), Real(second))
                : throw new ArgumentException("A setting of two numbers has another count."),
        long or int when like is double => Real(value),
        Tensor number when like is double => number.Item(),
        _ => value,
    };

    private static double Real(object value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static object Key(IDictionary all, object number) =>
        all.Contains(number) ? number : Convert.ToInt64(number, CultureInfo.InvariantCulture) is var wide && all.Contains(wide) ? wide : (int)wide;

    private static OrderedDictionary<string, object?> Written(ParameterState state)
    {
        var written = new OrderedDictionary<string, object?>();
        if (state.Steps > 0)
        {
            // PyTorch counts in float32, which holds whole numbers up to 2^24.
            written[StepName] = state.Steps <= 1 << 24 ? Tensor.Scalar((float)state.Steps) : Tensor.Scalar((double)state.Steps);
        }

        foreach (var (name, value) in state.Values)
        {
            written[name] = value is double number ? Tensor.Scalar(number) : value;
        }

        return written;
    }

    private static ParameterState Read(IDictionary own, Tensor parameter, DType dtype)
    {
        var state = new ParameterState();
        foreach (DictionaryEntry entry in own)
        {
            var name = (string)entry.Key;
            switch (entry.Value)
            {
                case null:
                    break;
                case Tensor value when name == StepName:
                    state.Steps = (long)value.Item();
                    break;
                case Tensor value when value.Shape.Equals(parameter.Shape) && !(value.Rank == 0 && IsNumber(name)):
                    using (TensorScope.Suspend())
                    {
                        state.Values[name] = Autograd.NoGrad(() => value.To(dtype).Clone());
                    }

                    break;
                case Tensor value when value.Count == 1:
                    state.Values[name] = value.Item();
                    break;
                case Tensor value:
                    throw new ArgumentException($"'{name}' of a parameter of shape {parameter.Shape} has shape {value.Shape}.");
                case var number when name == StepName:
                    state.Steps = Convert.ToInt64(number, CultureInfo.InvariantCulture);
                    break;
                case var number:
                    state.Values[name] = Real(number);
                    break;
            }
        }

        return state;
    }

    /// <summary>Whether PyTorch keeps a number in a tensor of this name, also where parameters are single numbers.</summary>
    private static bool IsNumber(string name) => name is "mu_product" or "eta" or "mu";
}
