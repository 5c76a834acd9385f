
namespace Adjoint.Pictures;

/// <summary>The colours of both kinds of picture.</summary>
internal static class Palette
{
    public static (string Fill, string Line) Of(DrawnKind kind) => kind switch
    {
        DrawnKind.Result => ("#fff8c5", "#9a6700"),
        DrawnKind.Leaf => ("#ddf4ff", "#0969da"),
        DrawnKind.LeafWithGrad => ("#dafbe1", "#1a7f37"),
        DrawnKind.Module => ("#fbefff", "#8250df"),
        DrawnKind.Constant => ("#ffffff", "#afb8c1"),
        _ => ("#f6f8fa", "#57606a"),
    };
}
