namespace Adjoint.Diagnostics;

/// <summary>
/// One comparison of a function's derivatives with differences of its values. A Jacobian is an array of rows, one for each element of the input,
/// whose columns are the elements of the result, as PyTorch prints it.
/// </summary>
internal sealed partial class JacobianCheck
{
    private readonly Func<Tensor[], Tensor[]> _function;
    private readonly Tensor[] _inputs;
    private readonly int[] _checked;
    private readonly GradCheckOptions _options;

    private JacobianCheck(Func<Tensor[], Tensor[]> function, Tensor[] inputs, GradCheckOptions options)
    {
        _function = function;
        _inputs = Array.ConvertAll(inputs, input => input.Detach());
        _checked = Differentiable(inputs);
        _options = options;
    }

    public static bool Run(Func<Tensor[], Tensor[]> function, Tensor[] inputs, GradCheckOptions options)
    {
        var failure = new JacobianCheck(function, inputs, options).Failure();
        return failure is null || (options.RaiseException ? throw new AutogradException(failure) : false);
    }

    /// <summary>Which inputs are differentiated by.</summary>
    /// <exception cref="AutogradException">None.</exception>
    public static int[] Differentiable(Tensor[] inputs)
    {
        int[] found = [.. Enumerable.Range(0, inputs.Length).Where(i => inputs[i].RequiresGrad)];
        return found.Length > 0
            ? found
            : throw new AutogradException(
                "gradcheck expects at least one input tensor to require gradient, but none of the them have requires_grad=True. Call " +
                "RequiresGrad_() on the inputs to differentiate by.");
    }

    /// <summary>Some of the inputs replaced.</summary>
    public static Tensor[] Replaced(Tensor[] inputs, int[] which, Tensor[] by)
    {
        Tensor[] replaced = [.. inputs];
        for (var i = 0; i < which.Length; i++)
        {
            replaced[which[i]] = by[i];
        }

        return replaced;
    }

    /// <summary>Random numbers of the shape and dtype of a tensor, from 0 or -1 to 1.</summary>
    public static Tensor Draw(Random random, Tensor like, bool signed)
    {
        var numbers = new double[like.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = signed ? (2 * random.NextDouble()) - 1 : random.NextDouble();
        }

        return Shaped(numbers, like);
    }

    private static Tensor Shaped(double[] numbers, Tensor like) => Tensor.FromArray(numbers).Reshape(like.Layout.Sizes).To(like.DType);

    private static double[] Numbers(Tensor x) => x.Detach().To(DType.Float64).ToArray<double>();

    private static Tensor OneHot(Tensor like, int element)
    {
        var numbers = new double[like.Count];
        numbers[element] = 1;
        return Shaped(numbers, like);
    }

    private string? Failure()
    {
        var leaves = Leaves();
        var outputs = Run(leaves);
        if (!Array.Exists(outputs, output => output.RequiresGrad))
        {
            return Constant();
        }

        var directions = _options.FastMode ? new Directions(this, outputs) : null;
        return (_options is { CheckBackward: true, CheckUndefinedGrad: true } ? Undefined(leaves, outputs) : null)
            ?? (!_options.CheckBackward ? null : directions is null ? Backward(leaves, outputs) : directions.Backward(leaves, outputs))
            ?? (!_options.CheckForward ? null : directions is null ? Forward(outputs) : directions.Forward(outputs))
            ?? (_options.CheckBatchedGrad ? Batched(outputs) : null)
            ?? (_options.CheckBatchedForwardGrad ? BatchedForward() : null);
    }

    /// <summary>Leaves over the inputs' memory, so that the caller's tensors collect no gradients.</summary>
    private Tensor[] Leaves() => Replaced(
        _inputs, _checked, Array.ConvertAll(_checked, i => _inputs[i].Detach().RequiresGrad_()));

    private Tensor[] Run(Tensor[] inputs)
    {
        var outputs = _function(inputs);
        return outputs.Length > 0
            ? outputs
            : throw new AutogradException("gradcheck: the function returned no tensor.");
    }

    /// <summary>A function whose result does not require grad must not depend on its inputs.</summary>
    private string? Constant()
    {
        foreach (var input in _checked)
        {
            foreach (var rows in Numerical(input))
            {
                if (Array.Exists(rows, row => Array.Exists(row, slope => !(Math.Abs(slope) <= (_options.Atol ?? 1e-5)))))
                {
                    return "Numerical gradient for function expected to be zero. No result of the function requires grad, but its values change " +
                        $"with input {input}: Diagnose.WhyNoGradient says where the graph is cut.";
                }
            }
        }

        return null;
    }

    private string? Backward(Tensor[] leaves, Tensor[] outputs)
    {
        var analytical = Rows(leaves, outputs, out var failure);
        if (failure is not null)
        {
            return failure;
        }

        foreach (var input in _checked)
        {
            var numerical = Numerical(input);
            for (var output = 0; output < outputs.Length; output++)
            {
                if (outputs[output].RequiresGrad
                    && Mismatch(analytical[input][output], numerical[output], input, outputs, output, string.Empty) is { } mismatch)
                {
                    return mismatch;
                }
            }
        }

        // A second pass over the same graph must give the same, and no gradient comes out of none.
        return Repeated(leaves, outputs, analytical) ?? Unscaled(leaves, outputs);
    }

    /// <summary>The Jacobians by backward passes, for each input and output; those of outputs without a graph stay null.</summary>
    private double[][][][] Rows(Tensor[] leaves, Tensor[] outputs, out string? failure)
    {
        failure = null;
        var targets = Array.ConvertAll(_checked, i => leaves[i]);
        var jacobians = new double[_inputs.Length][][][];
        foreach (var input in _checked)
        {
            jacobians[input] = Array.ConvertAll(outputs, output => Empty(_inputs[input].Count, output.Count));
        }

        for (var output = 0; output < outputs.Length; output++)
        {
            for (var column = 0; outputs[output].RequiresGrad && column < outputs[output].Count; column++)
            {
                var seed = OneHot(outputs[output], column);
                var gradients = Autograd.Grad([outputs[output]], targets, [seed], retainGraph: true, allowUnused: true);
                for (var i = 0; i < gradients.Length; i++)
                {
                    if (gradients[i] is not { } gradient)
                    {
                        continue;
                    }

                    failure ??= WrongType(_checked[i], gradient, targets[i]);
                    var numbers = Numbers(gradient);
                    for (var row = 0; row < numbers.Length; row++)
                    {
                        jacobians[_checked[i]][output][row][column] = numbers[row];
                    }
                }
            }
        }

        return jacobians;
    }

    private string? Repeated(Tensor[] leaves, Tensor[] outputs, double[][][][] first)
    {
        var second = Rows(leaves, outputs, out _);
        foreach (var input in _checked)
        {
            for (var output = 0; output < outputs.Length; output++)
            {
                var differs = first[input][output].Where((row, i) =>
                    row.Where((slope, j) => !(Math.Abs(slope - second[input][output][i][j]) <= _options.NondetTol)).Any()).Any();
                if (differs)
                {
                    return NotReentrant(output, input);
                }
            }
        }

        return null;
    }

    private string NotReentrant(int output, int input) =>
        "Backward is not reentrant, i.e., running backward with same input and grad_output multiple times gives different values, although " +
        $"analytical gradient matches numerical gradient. The tolerance for nondeterminism was {_options.NondetTol}. It was seen for output " +
        $"{output} and input {input}.";

    private string? WrongType(int input, Tensor gradient, Tensor target) => _options.CheckGradDTypes && gradient.DType != target.DType
        ? $"grad for input {input} is incorrect type: {gradient.DType.TorchName}, but the input is {target.DType.TorchName}."
        : null;

    /// <summary>What takes the gradients of several results together must also take some of them.</summary>
    private string? Undefined(Tensor[] leaves, Tensor[] outputs)
    {
        Tensor[] recorded = Array.FindAll(outputs, output => output.RequiresGrad);
        var targets = Array.ConvertAll(_checked, i => leaves[i]);
        for (var i = 0; i < recorded.Length && recorded.Length > 1; i++)
        {
            try
            {
                Autograd.Grad([recorded[i]], targets, [Tensor.OnesLike(recorded[i])], retainGraph: true, allowUnused: true);
            }
            catch (Exception exception) when (exception is NullReferenceException or ArgumentNullException)
            {
                return "Expected backward function to handle undefined output grads. Please look at 'Notes about undefined output gradients' in " +
                    $"'tools/autograd/derivatives.yaml'. In C#: only result {i} of {recorded.Length} has a gradient here, and the backward part " +
                    "of a custom function uses another, which is null after SetMaterializeGrads(false). " + exception.Message;
            }
        }

        return null;
    }

    private string? Unscaled(Tensor[] leaves, Tensor[] outputs)
    {
        Tensor[] recorded = Array.FindAll(outputs, output => output.RequiresGrad);
        var zeros = Array.ConvertAll(recorded, output => Tensor.ZerosLike(output));
        var gradients = Autograd.Grad(
            recorded, Array.ConvertAll(_checked, i => leaves[i]), zeros, retainGraph: true, allowUnused: true);
        var wrong = Array.FindIndex(gradients, gradient => gradient is not null && Array.Exists(Numbers(gradient), slope => slope != 0));
        return wrong < 0
            ? null
            : $"backward not multiplied by grad_output. A gradient of zeros for the results gave {gradients[wrong]} for input {_checked[wrong]}.";
    }

    private string? Forward(Tensor[] outputs)
    {
        foreach (var input in _checked)
        {
            var numerical = Numerical(input);
            var analytical = Array.ConvertAll(outputs, output => Empty(_inputs[input].Count, output.Count));
            for (var row = 0; row < _inputs[input].Count; row++)
            {
                var tangents = Push(input, OneHot(_inputs[input], row));
                for (var output = 0; output < outputs.Length; output++)
                {
                    analytical[output][row] = Numbers(tangents[output]);
                }
            }

            for (var output = 0; output < outputs.Length; output++)
            {
                if (outputs[output].RequiresGrad && Mismatch(
                    analytical[output], numerical[output], input, outputs, output, "computed with forward mode ") is { } mismatch)
                {
                    return mismatch;
                }
            }
        }

        return null;
    }

    private Tensor[] Push(int input, Tensor tangent) => Transform.Jvp(
        (Tensor[] x) => Run(Replaced(_inputs, [input], x)), [_inputs[input]], [tangent]).Tangent;

    /// <summary>The Jacobians by central differences in float64, for each output.</summary>
    private double[][][] Numerical(int input)
    {
        var numbers = Numbers(_inputs[input]);
        var rows = new List<double[][]>();
        for (var element = 0; element < numbers.Length; element++)
        {
            var by = new double[numbers.Length];
            by[element] = 1;
            rows.Add(Slope(input, numbers, by));
        }

        var outputs = rows.Count > 0 ? rows[0].Length : Wide(input, numbers).Length;
        return [.. Enumerable.Range(0, outputs).Select(output => rows.Select(row => row[output]).ToArray())];
    }

    /// <summary>The central difference of all outputs in a direction of one input.</summary>
    private double[][] Slope(int input, double[] at, double[] direction)
    {
        double[][] Shifted(double by) => Array.ConvertAll(
            Wide(input, [.. at.Select((x, i) => x + (by * direction[i]))]), output => output.DType.IsFloatingPoint ? Numbers(output) : []);
        var (up, down) = (Shifted(_options.Step), Shifted(-_options.Step));
        if (!up.Select(values => values.Length).SequenceEqual(down.Select(values => values.Length)))
        {
            throw new AutogradException(
                "gradcheck: the shape of the function's results depends on the values of its inputs, so that there is no difference to take. Check " +
                "a function whose results keep their shape.");
        }

        return [.. up.Select((values, output) => values.Select((value, i) => (value - down[output][i]) / (2 * _options.Step)).ToArray())];
    }

    /// <summary>The function in float64, with one input moved.</summary>
    private Tensor[] Wide(int input, double[] moved)
    {
        var wide = Array.ConvertAll(_inputs, x => x.DType.IsFloatingPoint ? x.To(DType.Float64).Clone() : x);
        wide[input] = Tensor.FromArray(moved).Reshape(_inputs[input].Layout.Sizes);
        try
        {
            using (Autograd.NoGrad())
            {
                return Run(wide);
            }
        }
        catch (DTypeException exception)
        {
            throw new DTypeException(
                "gradcheck runs the function on float64 inputs to compare with, which it does not accept. Make tensors inside of the function, or " +
                "those that it captures, of its inputs' dtype. " + exception.Message,
                exception);
        }
    }

    private static double[][] Empty(long rows, long columns) => [.. Enumerable.Range(0, (int)rows).Select(_ => new double[columns])];
}
