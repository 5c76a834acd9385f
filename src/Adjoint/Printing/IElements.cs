namespace Adjoint.Printing;

/// <summary>What printing needs of a tensor: its dtype, its sizes, and single elements by index.</summary>
internal interface IElements
{
    DType DType { get; }

    ReadOnlySpan<int> Shape { get; }

    /// <summary>One element of a real tensor; a <c>float32</c> is widened.</summary>
    double ReadDouble(ReadOnlySpan<int> index);

    /// <summary>One element of an integer or bool tensor; bool reads as 0 or 1.</summary>
    long ReadInt64(ReadOnlySpan<int> index);
}
