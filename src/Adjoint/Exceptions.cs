namespace Adjoint;

/// <summary>An operation on tensors that cannot be carried out. The first sentence is PyTorch's where PyTorch has one.</summary>
public class TensorException : InvalidOperationException
{
    /// <summary>Makes an exception without a message.</summary>
    public TensorException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public TensorException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public TensorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>Shapes that do not fit each other or the operator.</summary>
public sealed class ShapeException : TensorException
{
    /// <summary>Makes an exception without a message.</summary>
    public ShapeException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public ShapeException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public ShapeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>Element types that the operator does not accept.</summary>
public sealed class DTypeException : TensorException
{
    /// <summary>Makes an exception without a message.</summary>
    public DTypeException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public DTypeException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public DTypeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>An index or a dimension that does not exist.</summary>
public sealed class TensorIndexException : TensorException
{
    /// <summary>Makes an exception without a message.</summary>
    public TensorIndexException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public TensorIndexException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public TensorIndexException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A misuse of automatic differentiation: no graph, a freed graph, a leaf changed in place, a gradient that does not fit.</summary>
public sealed class AutogradException : TensorException
{
    /// <summary>Makes an exception without a message.</summary>
    public AutogradException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public AutogradException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public AutogradException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
