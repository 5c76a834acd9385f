using Adjoint.Families;

namespace Adjoint;

/// <summary>The points of an image after an affine map, for <see cref="GridSample"/>: linear in the map's matrix.</summary>
/// <param name="Size">N, C and the sizes of the image's axes.</param>
/// <param name="AlignCorners">-1 and 1 are the middles of the first and last elements, and not their outer edges.</param>
internal readonly record struct AffineGrid(ValueArray<int> Size, bool AlignCorners) : ILinear
{
    public string GradName => "AffineGridGeneratorBackward0";

    private int Axes => Size.Length - 2;

    public TensorType Infer(TensorType x) => x.With([Size[0], .. Size.Items[2..], Axes]);

    public Tensor Apply(Tensor x) => Points(x.DType).MatMul(x.Detach().Transpose(1, 2)).View(Infer(TensorType.Of(x)).Layout.Sizes);

    public Tensor Transpose(Tensor g, Shape input) => g.Reshape(Size[0], -1, Axes).Transpose(1, 2).MatMul(Points(g.DType));

    public Tensor? Batch(Tensor x)
    {
        // A batch of batches of maps is one batch.
        var samples = x.Layout.Sizes[0];
        var all = Shape.Dimension((long)samples * Size[0], "a batch of AffineGrid");
        var points = Op.Linear(new AffineGrid([all, .. Size.Items[1..]], AlignCorners), x.Reshape([all, .. x.Layout.Sizes[2..]]));
        return points.Reshape([samples, Size[0], .. Size.Items[2..], Axes]);
    }

    /// <summary>All points of the image with a last coordinate of 1, [points, axes + 1].</summary>
    private Tensor Points(DType dtype)
    {
        var (size, aligns) = (Size.Items[2..], AlignCorners);
        var axes = size.Select(length =>
        {
            var line = Tensor.Linspace(-1, 1, length, dtype);
            return length <= 1 ? Tensor.ZerosLike(line) : aligns ? line : line * ((length - 1) / (double)length);
        }).ToArray();
        var coordinates = Tensor.Meshgrid(axes).Select(axis => axis.Reshape(-1)).Reverse().ToList();
        return Tensor.Stack([.. coordinates, Tensor.OnesLike(coordinates[0])], 1);
    }
}

/// <content>Grids of affine maps.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The points of images after an affine map each, for <c>GridSample</c> (<c>torch.nn.functional.affine_grid</c>). This tensor holds the maps'
    /// matrices,
    /// of shape [N, 2, 3] or [N, 3, 4]; reals.
    /// </summary>
    /// <param name="size">The size of the images: N, C, H, W or N, C, D, H, W.</param>
    /// <param name="alignCorners">-1 and 1 are the middles of the first and last elements, and not their outer edges.</param>
    /// <returns>Of shape [N, H, W, 2] or [N, D, H, W, 3].</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor AffineGrid(ReadOnlySpan<int> size, bool alignCorners = false)
    {
        if (!DType.IsFloatingPoint)
        {
            throw new DTypeException($"Expected theta to have floating point type, but got {DType.TorchName}");
        }

        if (size.Length is not (4 or 5))
        {
            throw new ShapeException(
                $"affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got size {Shape.Text(size)}.");
        }

        if (size.ContainsAnyInRange(int.MinValue, 0))
        {
            throw new ShapeException($"Expected non-zero, positive output size. Got {Shape.Text(size)}");
        }

        var axes = size.Length - 2;
        if (Rank != 3 || Layout.Sizes[0] != size[0] || Layout.Sizes[1] != axes || Layout.Sizes[2] != axes + 1)
        {
            throw new ShapeException(
                $"Expected a batch of {axes}D affine matrices of shape Nx{axes}x{axes + 1} for size {Shape.Text(size)}. Got " +
                $"{Shape.Text(Layout.Sizes)}.");
        }

        return Op.Linear(new AffineGrid(size.ToArray(), alignCorners), this);
    }
}
