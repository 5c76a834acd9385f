using Adjoint.NN;
using L = Adjoint.NN; // some layers are called like operators

namespace Adjoint.Tests.NN;

/// <summary>A layer with arguments, and what PyTorch says of the same.</summary>
/// <param name="Text">What <c>print</c> shows: <c>extra_repr</c> of the class in PyTorch's documentation of 2.10.</param>
/// <param name="State">Parameters and buffers with their shapes, in the order of PyTorch's <c>state_dict</c>.</param>
/// <param name="Make">Makes it.</param>
/// <param name="Input">The shape of an input.</param>
/// <param name="First">The first value of each parameter that is drawn, in the order of the parameters.</param>
internal sealed record LayerCase(string Text, string State, Func<DType, Generator, Module> Make, int[] Input, double[]? First = null)
{
    public Tensor Run(Module module, Tensor x) => module switch
    {
        Layer layer => layer.Forward(x),
        MultiheadAttention attention => attention.Forward(x, x, x),
        _ => throw new InvalidOperationException($"{module} is not called with one tensor."),
    };
}

/// <summary>
/// Every layer. First values: libtorch 2.10 by TorchSharp 0.107 after <c>manual_seed(0)</c>, where the modules draw as <c>reset_parameters</c> of
/// PyTorch does.
/// </summary>
internal static class LayerTable
{
    public static IReadOnlyList<LayerCase> All { get; } = [.. Affine(), .. Pools(), .. Norms(), .. Activations(), .. Others(), .. MoreLayers.All];

    public static TheoryData<string> Names => [.. All.Select(layer => layer.Text)];

    public static LayerCase Find(string text) => All.Single(layer => layer.Text == text);

    private static IEnumerable<LayerCase> Affine() =>
    [
        new("Linear(in_features=3, out_features=2, bias=True)", "weight[2, 3] bias[2]",
            (d, g) => new L.Linear(3, 2, true, d, g), [2, 3], [-0.0043225177, -0.011439145]),
        new("Linear(in_features=3, out_features=2, bias=False)", "weight[2, 3]", (d, g) => new L.Linear(3, 2, false, d, g), [2, 3], [-0.0043225177]),
        new("Conv1d(2, 3, kernel_size=(2,), stride=(1,))", "weight[3, 2, 2] bias[3]",
            (d, g) => new L.Conv1d(2, 3, 2, dtype: d, generator: g), [2, 2, 4], [-0.00374341, -0.47767425]),
        new("Conv2d(4, 6, kernel_size=(3, 2), stride=(1, 1), groups=2)", "weight[6, 2, 3, 2] bias[6]",
            (d, g) => new L.Conv2d(4, 6, (3, 2), groups: 2, dtype: d, generator: g), [1, 4, 3, 3], [-0.0021612588, 0.11345218]),
        new("Conv2d(1, 2, kernel_size=(3, 3), stride=(2, 1), padding=(1, 1), dilation=(1, 2), bias=False)", "weight[2, 1, 3, 3]",
            (d, g) => new L.Conv2d(1, 2, 3, (2, 1), 1, (1, 2), bias: false, dtype: d, generator: g), [1, 1, 4, 4]),
        new("Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1), padding=same)", "weight[2, 1, 3, 3] bias[2]",
            (d, g) => new L.Conv2d(1, 2, 3, padding: "same", dtype: d, generator: g), [1, 1, 3, 3]),
        new("Conv3d(1, 2, kernel_size=(2, 2, 2), stride=(1, 1, 1))", "weight[2, 1, 2, 2, 2] bias[2]",
            (d, g) => new L.Conv3d(1, 2, 2, dtype: d, generator: g), [1, 1, 2, 3, 2], [-0.0026469906, 0.1397721]),
        new("ConvTranspose1d(2, 3, kernel_size=(2,), stride=(1,))", "weight[2, 3, 2] bias[3]",
            (d, g) => new L.ConvTranspose1d(2, 3, 2, dtype: d, generator: g), [1, 2, 3], [-0.0030564817, -0.39001942]),
        new("ConvTranspose2d(4, 6, kernel_size=(3, 2), stride=(1, 1), groups=2)", "weight[4, 3, 3, 2] bias[6]",
            (d, g) => new L.ConvTranspose2d(4, 6, (3, 2), groups: 2, dtype: d, generator: g), [1, 4, 2, 2], [-0.0017646605, 0.09263332]),
        new("ConvTranspose2d(1, 2, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), output_padding=(1, 1))", "weight[1, 2, 3, 3] bias[2]",
            (d, g) => new L.ConvTranspose2d(1, 2, 3, 2, 1, 1, dtype: d, generator: g), [1, 1, 2, 2]),
        new("ConvTranspose3d(1, 2, kernel_size=(2, 2, 2), stride=(1, 1, 1))", "weight[1, 2, 2, 2, 2] bias[2]",
            (d, g) => new L.ConvTranspose3d(1, 2, 2, dtype: d, generator: g), [1, 1, 2, 2, 2], [-0.001871705, 0.0988338]),
    ];

    private static IEnumerable<LayerCase> Pools() =>
    [
        new("MaxPool1d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)", "", (_, _) => new L.MaxPool1d(2), [1, 2, 5]),
        new("MaxPool2d(kernel_size=(2, 1), stride=1, padding=(1, 0), dilation=1, ceil_mode=True)", "",
            (_, _) => new L.MaxPool2d((2, 1), 1, (1, 0), ceilMode: true), [1, 2, 3, 3]),
        new("MaxPool3d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)", "", (_, _) => new L.MaxPool3d(2), [1, 1, 2, 4, 2]),
        new("AvgPool1d(kernel_size=(2,), stride=(1,), padding=(0,))", "", (_, _) => new L.AvgPool1d(2, 1), [1, 2, 4]),
        new("AvgPool2d(kernel_size=3, stride=2, padding=1)", "", (_, _) => new L.AvgPool2d(3, 2, 1), [1, 2, 4, 4]),
        new("AvgPool3d(kernel_size=2, stride=2, padding=0)", "", (_, _) => new L.AvgPool3d(2), [1, 1, 2, 4, 2]),
        new("AdaptiveAvgPool1d(output_size=2)", "", (_, _) => new L.AdaptiveAvgPool1d(2), [1, 2, 5]),
        new("AdaptiveAvgPool2d(output_size=(2, None))", "", (_, _) => new L.AdaptiveAvgPool2d((2, -1)), [1, 2, 3, 3]),
        new("AdaptiveAvgPool3d(output_size=1)", "", (_, _) => new L.AdaptiveAvgPool3d(1), [1, 2, 2, 2, 2]),
        new("AdaptiveMaxPool1d(output_size=2)", "", (_, _) => new L.AdaptiveMaxPool1d(2), [1, 2, 5]),
        new("AdaptiveMaxPool2d(output_size=(2, 1))", "", (_, _) => new L.AdaptiveMaxPool2d((2, 1)), [1, 2, 3, 3]),
        new("AdaptiveMaxPool3d(output_size=2)", "", (_, _) => new L.AdaptiveMaxPool3d(2), [1, 1, 3, 2, 2]),
    ];

    private static IEnumerable<LayerCase> Norms()
    {
        const string Parameters = "weight[3] bias[3]";
        const string Statistics = "running_mean[3] running_var[3] num_batches_tracked[]";
        return
        [
            new("BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)", $"{Parameters} {Statistics}",
                (d, _) => new L.BatchNorm1d(3, dtype: d), [4, 3]),
            new("BatchNorm1d(3, eps=0.001, momentum=None, affine=False, track_running_stats=True)", Statistics,
                (d, _) => new L.BatchNorm1d(3, 1e-3, null, false, dtype: d), [2, 3, 2]),
            new("BatchNorm2d(3, eps=1e-05, momentum=0.1, affine=True, track_running_stats=False)", Parameters,
                (d, _) => new L.BatchNorm2d(3, trackRunningStats: false, dtype: d), [2, 3, 2, 2]),
            new("BatchNorm3d(3, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)", $"{Parameters} {Statistics}",
                (d, _) => new L.BatchNorm3d(3, dtype: d), [1, 3, 2, 2, 2]),
            new("InstanceNorm1d(3, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False)", "",
                (d, _) => new L.InstanceNorm1d(3, dtype: d), [3, 4]),
            new("InstanceNorm2d(3, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)", $"{Parameters} {Statistics}",
                (d, _) => new L.InstanceNorm2d(3, affine: true, trackRunningStats: true, dtype: d), [2, 3, 2, 2]),
            new("InstanceNorm3d(3, eps=1e-05, momentum=0.2, affine=False, track_running_stats=True)", Statistics,
                (d, _) => new L.InstanceNorm3d(3, momentum: 0.2, trackRunningStats: true, dtype: d), [1, 3, 2, 2, 2]),
            new("LayerNorm((3,), eps=1e-05, elementwise_affine=True)", Parameters, (d, _) => new L.LayerNorm(3, dtype: d), [2, 3]),
            new("LayerNorm((2, 3), eps=0.1, elementwise_affine=False)", "", (d, _) => new L.LayerNorm((2, 3), 0.1, false, dtype: d), [2, 2, 3]),
            new("GroupNorm(2, 4, eps=1e-05, affine=True)", "weight[4] bias[4]", (d, _) => new L.GroupNorm(2, 4, dtype: d), [2, 4, 3]),
            new("RMSNorm((3,), eps=None, elementwise_affine=True)", "weight[3]", (d, _) => new L.RMSNorm(3, dtype: d), [2, 3]),
        ];
    }

    private static IEnumerable<LayerCase> Activations() =>
    [
        new("ReLU()", "", (_, _) => new L.ReLU(), [7]),
        new("ReLU6()", "", (_, _) => new L.ReLU6(), [7]),
        new("LeakyReLU(negative_slope=0.01)", "", (_, _) => new L.LeakyReLU(), [7]),
        new("ELU(alpha=1.0)", "", (_, _) => new L.ELU(), [7]),
        new("CELU(alpha=2.0)", "", (_, _) => new L.CELU(2), [7]),
        new("SELU()", "", (_, _) => new L.SELU(), [7]),
        new("GELU(approximate='none')", "", (_, _) => new L.GELU(), [7]),
        new("GELU(approximate='tanh')", "", (_, _) => new L.GELU("tanh"), [7]),
        new("SiLU()", "", (_, _) => new L.SiLU(), [7]),
        new("Mish()", "", (_, _) => new L.Mish(), [7]),
        new("Softplus(beta=1.0, threshold=20.0)", "", (_, _) => new L.Softplus(), [7]),
        new("Softsign()", "", (_, _) => new L.Softsign(), [7]),
        new("Sigmoid()", "", (_, _) => new L.Sigmoid(), [7]),
        new("LogSigmoid()", "", (_, _) => new L.LogSigmoid(), [7]),
        new("Tanh()", "", (_, _) => new L.Tanh(), [7]),
        new("Hardtanh(min_val=-1.0, max_val=1.0)", "", (_, _) => new L.Hardtanh(), [7]),
        new("Hardsigmoid()", "", (_, _) => new L.Hardsigmoid(), [7]),
        new("Hardswish()", "", (_, _) => new L.Hardswish(), [7]),
        new("Softmax(dim=-1)", "", (_, _) => new L.Softmax(-1), [2, 3]),
        new("LogSoftmax(dim=0)", "", (_, _) => new L.LogSoftmax(0), [2, 3]),
    ];

    private static IEnumerable<LayerCase> Others() =>
    [
        new("Identity()", "", (_, _) => new L.Identity(), [2, 3]),
        new("Flatten(start_dim=1, end_dim=-1)", "", (_, _) => new L.Flatten(), [2, 3, 2]),
        new("Dropout(p=0.5, inplace=False)", "", (_, g) => new L.Dropout(generator: g), [2, 3]),
        new("Dropout1d(p=0.5, inplace=False)", "", (_, g) => new L.Dropout1d(generator: g), [2, 4, 3]),
        new("Dropout2d(p=0.2, inplace=False)", "", (_, g) => new L.Dropout2d(0.2, g), [2, 4, 2, 2]),
        new("Dropout3d(p=0.5, inplace=False)", "", (_, g) => new L.Dropout3d(generator: g), [4, 1, 2, 2]),
        new(
            """
            MultiheadAttention(
              (out_proj): NonDynamicallyQuantizableLinear(in_features=4, out_features=4, bias=True)
            )
            """,
            "in_proj_weight[12, 4] in_proj_bias[12] out_proj.weight[4, 4] out_proj.bias[4]",
            (d, g) => new L.MultiheadAttention(4, 2, dtype: d, generator: g),
            [3, 2, 4],
            [0.22242416, 0, -0.00374341, 0]),
        new(
            """
            TransformerEncoderLayer(
              (self_attn): MultiheadAttention(
                (out_proj): NonDynamicallyQuantizableLinear(in_features=4, out_features=4, bias=True)
              )
              (linear1): Linear(in_features=4, out_features=6, bias=True)
              (dropout): Dropout(p=0.1, inplace=False)
              (linear2): Linear(in_features=6, out_features=4, bias=True)
              (norm1): LayerNorm((4,), eps=1e-05, elementwise_affine=True)
              (norm2): LayerNorm((4,), eps=1e-05, elementwise_affine=True)
              (dropout1): Dropout(p=0.1, inplace=False)
              (dropout2): Dropout(p=0.1, inplace=False)
            )
            """,
            "self_attn.in_proj_weight[12, 4] self_attn.in_proj_bias[12] self_attn.out_proj.weight[4, 4] self_attn.out_proj.bias[4] " +
            "linear1.weight[6, 4] linear1.bias[6] linear2.weight[4, 6] linear2.bias[4] norm1.weight[4] norm1.bias[4] norm2.weight[4] norm2.bias[4]",
            (d, g) => new L.TransformerEncoderLayer(4, 2, 6, dtype: d, generator: g),
            [3, 2, 4],
            [0.22242416, 0, -0.00374341, 0, 0.3101883, 0.3579358, -0.31846797, -0.19919609, 1, 0, 1, 0]),
    ];
}
