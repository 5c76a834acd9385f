namespace Adjoint;

/// <summary>
/// What positions along a dimension are used for, or the operator that a <see cref="PutAlong"/> pulls for: it decides names, the words of errors, and
/// whether a position may count from the end.
/// </summary>
internal enum AlongCall
{
    /// <summary>Elements at positions that the user gives.</summary>
    Gather,

    /// <summary>Extremes, put back to their places; values that overwrite.</summary>
    Scatter,

    /// <summary>Largest elements.</summary>
    Max,

    /// <summary>Smallest elements.</summary>
    Min,

    /// <summary>All elements in order.</summary>
    Sort,

    /// <summary>The first of them.</summary>
    TopK,

    /// <summary>The elements of the classes that a loss is for.</summary>
    NllLoss,

    /// <summary>Whole slices at positions.</summary>
    IndexSelect,

    /// <summary>A number that overwrites.</summary>
    ScatterNumber,

    /// <summary>Values that are added.</summary>
    ScatterAdd,

    /// <summary>Values that are joined with what is there.</summary>
    ScatterReduce,

    /// <summary>Whole slices that are added.</summary>
    IndexAdd,

    /// <summary>Whole slices that overwrite.</summary>
    IndexCopy,

    /// <summary>A number that overwrites whole slices.</summary>
    IndexFillNumber,

    /// <summary>A tensor without dimensions that overwrites whole slices.</summary>
    IndexFill,

    /// <summary>Whole slices that are joined with what is there.</summary>
    IndexReduce,

    /// <summary>Elements of all, counted in row-major order.</summary>
    Take,
}
