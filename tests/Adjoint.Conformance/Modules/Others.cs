using Adjoint.Conformance.Values;
using L = Adjoint.NN; // some layers are called like operators

namespace Adjoint.Conformance.Modules;

/// <summary>Affine maps, tables, norms over rows, dropout, distances, and what changes shapes.</summary>
internal static class Others
{
    public static void Add(Dictionary<string, Func<Call, Generator, L.Module>> table)
    {
        table["Identity"] = (_, _) => new L.Identity();
        table["Flatten"] = (c, _) => new L.Flatten(c.Int(0, "start_dim", 1), c.Int(1, "end_dim", -1));
        table["Unflatten"] = (c, _) => new L.Unflatten(c.Int(0, "dim"), Images.Axes(c, 1, "unflattened_size"));
        table["Linear"] = (c, g) => new L.Linear(c.Int(0, "in_features"), c.Int(1, "out_features"), c.Flag(2, "bias", true), DType.Float64, g);
        table["Bilinear"] = (c, g) => new L.Bilinear(
            c.Int(0, "in1_features"), c.Int(1, "in2_features"), c.Int(2, "out_features"), c.Flag(3, "bias", true), DType.Float64, g);
        table["LayerNorm"] = (c, _) => new L.LayerNorm(
            Images.Axes(c, 0, "normalized_shape"), c.Number(1, "eps", 1e-5), c.Flag(2, "elementwise_affine", true), dtype: DType.Float64);
        table["RMSNorm"] = (c, _) => new L.RMSNorm(
            Images.Axes(c, 0, "normalized_shape"), c.NumberOrNull(1, "eps"), c.Flag(2, "elementwise_affine", true), DType.Float64);
        table["GroupNorm"] = (c, _) => new L.GroupNorm(
            c.Int(0, "num_groups"), c.Int(1, "num_channels"), c.Number(2, "eps", 1e-5), c.Flag(3, "affine", true), DType.Float64);
        table["LocalResponseNorm"] = (c, _) => new L.LocalResponseNorm(
            c.Int(0, "size"), c.Number(1, "alpha", 1e-4), c.Number(2, "beta", 0.75), c.Number(3, "k", 1));
        table["Embedding"] = (c, g) => new L.Embedding(
            c.Int(0, "num_embeddings"), c.Int(1, "embedding_dim"), c.IntOrNull(2, "padding_idx"), c.NumberOrNull(3, "max_norm"),
            c.Number(4, "norm_type", 2), c.Flag(5, "scale_grad_by_freq"), DType.Float64, g);
        table["EmbeddingBag"] = (c, g) => new L.EmbeddingBag(
            c.Int(0, "num_embeddings"), c.Int(1, "embedding_dim"), c.NumberOrNull(2, "max_norm"), c.Number(3, "norm_type", 2),
            c.Flag(4, "scale_grad_by_freq"), Enum.Parse<EmbeddingBagMode>(c.Text(5, "mode") ?? "mean", ignoreCase: true),
            c.Flag(8, "include_last_offset"), c.IntOrNull(9, "padding_idx"), DType.Float64, g);
        table["Dropout"] = (c, g) => new L.Dropout(c.Number(0, "p", 0.5), g);
        table["AlphaDropout"] = (c, g) => new L.AlphaDropout(c.Number(0, "p", 0.5), g);
        table["FeatureAlphaDropout"] = (c, g) => new L.FeatureAlphaDropout(c.Number(0, "p", 0.5), g);
        table["CosineSimilarity"] = (c, _) => new L.CosineSimilarity(c.Int(0, "dim", 1), c.Number(1, "eps", 1e-8));
        table["PairwiseDistance"] = (c, _) => new L.PairwiseDistance(c.Number(0, "p", 2), c.Number(1, "eps", 1e-6), c.Flag(2, "keepdim"));
        table["PixelShuffle"] = (c, _) => new L.PixelShuffle(c.Int(0, "upscale_factor"));
        table["PixelUnshuffle"] = (c, _) => new L.PixelUnshuffle(c.Int(0, "downscale_factor"));
        table["ChannelShuffle"] = (c, _) => new L.ChannelShuffle(c.Int(0, "groups"));
        table["Fold"] = (c, _) => new L.Fold(
            Images.Axes(c, 0, "output_size"), Images.Axes(c, 1, "kernel_size"), Images.Axes(c, 2, "dilation"), Images.Axes(c, 3, "padding"),
            Images.Axes(c, 4, "stride"));
        table["Unfold"] = (c, _) => new L.Unfold(
            Images.Axes(c, 0, "kernel_size"), Images.Axes(c, 1, "dilation"), Images.Axes(c, 2, "padding"), Images.Axes(c, 3, "stride"));
        table["Upsample"] = (c, _) => c.Has(0, "size")
            ? new L.Upsample(c.Ints(0, "size"), Mode(c), (bool?)c.Get(3, "align_corners"))
            : new L.Upsample(c.Numbers(1, "scale_factor")!, Mode(c), (bool?)c.Get(3, "align_corners"));
    }

    private static InterpolateMode Mode(Call c) => Enum.Parse<InterpolateMode>(
        (c.Text(2, "mode") ?? "nearest").Replace("-", string.Empty, StringComparison.Ordinal), ignoreCase: true);
}
