using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>What is done with each matrix of a batch.</summary>
internal interface IMatrixJob
{
    /// <summary>Does it for members of the batch that follow each other.</summary>
    /// <param name="operands">Where the matrices are.</param>
    /// <param name="first">The first member.</param>
    /// <param name="count">How many there are.</param>
    void Run<T>(in MatrixOperands operands, int first, int count)
        where T : unmanaged, IFloatingPointIeee754<T>;
}

/// <summary>Dense operands of a batch: where each starts, and the bytes from member to member.</summary>
internal readonly unsafe struct MatrixOperands(byte** data, nint* steps)
{
    private readonly byte** _data = data;
    private readonly nint* _steps = steps;

    /// <summary>The elements of a member.</summary>
    public E* At<E>(int operand, int index)
        where E : unmanaged => (E*)(_data[operand] + (index * _steps[operand]));

    /// <summary>A member as a matrix, dense and row-major.</summary>
    public MatrixView<T> Matrix<T>(int operand, int index, int rows, int columns)
        where T : unmanaged, IFloatingPointIeee754<T> => new(At<T>(operand, index), rows, columns);
}
