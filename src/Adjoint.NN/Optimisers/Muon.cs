namespace Adjoint.NN;

/// <summary>
/// Momentum made orthogonal, for the matrices of a network (<c>torch.optim.Muon</c>; Jordan and others, "Muon: An optimizer for hidden layers in
/// neural
/// networks", 2024). The momentum's singular values are brought near one by five steps of a polynomial in X and X X'; biases, embeddings and the
/// last layer
/// are left to another optimiser, such as <see cref="AdamW"/>.
/// </summary>
public sealed class Muon : Optimizer
{
    private const string MatchRms = "match_rms_adamw";

    /// <summary>Makes the optimiser, with PyTorch's defaults.</summary>
    /// <param name="parameters">Matrices: tensors of two dimensions, or <see cref="ParameterGroups"/> of these.</param>
    /// <param name="lr">The size of steps.</param>
    /// <param name="weightDecay">How much parameters shrink in a step, times the rate.</param>
    /// <param name="momentum">How slowly the mean of gradients forgets.</param>
    /// <param name="nesterov">Look ahead along the momentum.</param>
    /// <param name="nsSteps">How many steps bring the singular values near one.</param>
    /// <param name="eps">The least norm that the momentum is divided by.</param>
    /// <param name="matchRmsAdamW">Scale steps by 0.2 * sqrt(max(rows, columns)), so that rates of AdamW fit (PyTorch's <c>match_rms_adamw</c>),
    /// instead
    /// of by sqrt(max(1, rows / columns)).</param>
    /// <exception cref="ArgumentException">A number is out of its range, or a parameter is no matrix.</exception>
    public Muon(
        IEnumerable<Tensor> parameters,
        double lr = 1e-3,
        double weightDecay = 0.1,
        double momentum = 0.95,
        bool nesterov = true,
        int nsSteps = 5,
        double eps = 1e-7,
        bool matchRmsAdamW = false)
        : base(
            parameters,
            ("lr", lr),
            ("weight_decay", weightDecay),
            ("momentum", momentum),
            ("nesterov", nesterov),
            ("ns_steps", (long)nsSteps),
            ("eps", eps),
            ("adjust_lr_fn", matchRmsAdamW ? MatchRms : null))
    {
        ThrowUnless(nsSteps is > 0 and < 100, $"Invalid ns_steps value: {nsSteps}");
        foreach (var parameter in Parameters)
        {
            ThrowUnless(
                parameter.Rank == 2,
                $"Muon only supports 2D parameters whereas we found a parameter with size: {parameter.Shape}");
        }
    }

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state)
    {
        var (lr, momentum) = (group.LearningRate, group.Number("momentum"));
        var buffer = state.Get("momentum_buffer", parameter);
        buffer.Lerp_(gradient, 1 - momentum);
        var along = group.Flag("nesterov") ? gradient.Lerp(buffer, momentum) : buffer;
        var (rows, columns) = (parameter.Shape[0], parameter.Shape[1]);
        var size = lr * (group["adjust_lr_fn"] is MatchRms
            ? 0.2 * Math.Sqrt(Math.Max(rows, columns))
            : Math.Sqrt(Math.Max(1, (double)rows / Math.Max(columns, 1))));
        parameter.Mul_(1 - (lr * group.WeightDecay));
        parameter.Sub_(Orthogonal(along, (int)(long)group["ns_steps"]!, group.Number("eps")) * size);
    }

    /// <summary>X with its singular values near one: X = a X + (b A + c A A) X with A = X X', on the wide form.</summary>
    private static Tensor Orthogonal(Tensor x, int steps, double eps)
    {
        const double A = 3.4445, B = -4.7750, C = 2.0315;
        var isTall = x.Shape[0] > x.Shape[1];
        x = isTall ? x.T : x;
        x /= (x * x).Sum().Sqrt().Clamp(min: eps);
        for (var i = 0; i < steps; i++)
        {
            var gram = x.MatMul(x.T);
            x = (x * A) + ((gram * B) + (gram.MatMul(gram) * C)).MatMul(x);
        }

        return isTall ? x.T : x;
    }
}
