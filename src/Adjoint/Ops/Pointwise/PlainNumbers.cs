namespace Adjoint;

// C# would turn the number into a tensor by itself; F# looks for an operator that takes it as it is. Each form means the conversion, so a number
// keeps its place in promotion: it never changes the category of a tensor's dtype. All four types are here so that none is widened to another.

/// <content>Arithmetic with a plain number on either side.</content>
public sealed partial class Tensor
{
    /// <summary>The sum of a tensor and a plain number.</summary>
    public static Tensor operator +(Tensor x, double y) => x + (Tensor)y;

    /// <summary>The sum of a plain number and a tensor.</summary>
    public static Tensor operator +(double x, Tensor y) => (Tensor)x + y;

    /// <summary>The sum of a tensor and a plain number.</summary>
    public static Tensor operator +(Tensor x, float y) => x + (Tensor)y;

    /// <summary>The sum of a plain number and a tensor.</summary>
    public static Tensor operator +(float x, Tensor y) => (Tensor)x + y;

    /// <summary>The sum of a tensor and a plain number.</summary>
    public static Tensor operator +(Tensor x, int y) => x + (Tensor)y;

    /// <summary>The sum of a plain number and a tensor.</summary>
    public static Tensor operator +(int x, Tensor y) => (Tensor)x + y;

    /// <summary>The sum of a tensor and a plain number.</summary>
    public static Tensor operator +(Tensor x, long y) => x + (Tensor)y;

    /// <summary>The sum of a plain number and a tensor.</summary>
    public static Tensor operator +(long x, Tensor y) => (Tensor)x + y;

    /// <summary>The difference of a tensor and a plain number.</summary>
    public static Tensor operator -(Tensor x, double y) => x - (Tensor)y;

    /// <summary>The difference of a plain number and a tensor.</summary>
    public static Tensor operator -(double x, Tensor y) => (Tensor)x - y;

    /// <summary>The difference of a tensor and a plain number.</summary>
    public static Tensor operator -(Tensor x, float y) => x - (Tensor)y;

    /// <summary>The difference of a plain number and a tensor.</summary>
    public static Tensor operator -(float x, Tensor y) => (Tensor)x - y;

    /// <summary>The difference of a tensor and a plain number.</summary>
    public static Tensor operator -(Tensor x, int y) => x - (Tensor)y;

    /// <summary>The difference of a plain number and a tensor.</summary>
    public static Tensor operator -(int x, Tensor y) => (Tensor)x - y;

    /// <summary>The difference of a tensor and a plain number.</summary>
    public static Tensor operator -(Tensor x, long y) => x - (Tensor)y;

    /// <summary>The difference of a plain number and a tensor.</summary>
    public static Tensor operator -(long x, Tensor y) => (Tensor)x - y;

    /// <summary>The product of a tensor and a plain number.</summary>
    public static Tensor operator *(Tensor x, double y) => x * (Tensor)y;

    /// <summary>The product of a plain number and a tensor.</summary>
    public static Tensor operator *(double x, Tensor y) => (Tensor)x * y;

    /// <summary>The product of a tensor and a plain number.</summary>
    public static Tensor operator *(Tensor x, float y) => x * (Tensor)y;

    /// <summary>The product of a plain number and a tensor.</summary>
    public static Tensor operator *(float x, Tensor y) => (Tensor)x * y;

    /// <summary>The product of a tensor and a plain number.</summary>
    public static Tensor operator *(Tensor x, int y) => x * (Tensor)y;

    /// <summary>The product of a plain number and a tensor.</summary>
    public static Tensor operator *(int x, Tensor y) => (Tensor)x * y;

    /// <summary>The product of a tensor and a plain number.</summary>
    public static Tensor operator *(Tensor x, long y) => x * (Tensor)y;

    /// <summary>The product of a plain number and a tensor.</summary>
    public static Tensor operator *(long x, Tensor y) => (Tensor)x * y;

    /// <summary>The quotient of a tensor and a plain number.</summary>
    public static Tensor operator /(Tensor x, double y) => x / (Tensor)y;

    /// <summary>The quotient of a plain number and a tensor.</summary>
    public static Tensor operator /(double x, Tensor y) => (Tensor)x / y;

    /// <summary>The quotient of a tensor and a plain number.</summary>
    public static Tensor operator /(Tensor x, float y) => x / (Tensor)y;

    /// <summary>The quotient of a plain number and a tensor.</summary>
    public static Tensor operator /(float x, Tensor y) => (Tensor)x / y;

    /// <summary>The quotient of a tensor and a plain number.</summary>
    public static Tensor operator /(Tensor x, int y) => x / (Tensor)y;

    /// <summary>The quotient of a plain number and a tensor.</summary>
    public static Tensor operator /(int x, Tensor y) => (Tensor)x / y;

    /// <summary>The quotient of a tensor and a plain number.</summary>
    public static Tensor operator /(Tensor x, long y) => x / (Tensor)y;

    /// <summary>The quotient of a plain number and a tensor.</summary>
    public static Tensor operator /(long x, Tensor y) => (Tensor)x / y;
}
