namespace Adjoint.Tests.Architecture.Fixture.Above;

/// <summary>A type that the types of the namespace around this one name, each in its own way.</summary>
public class Target
{
    /// <summary>A value that a caller reads.</summary>
    public static int Value { get; } = 1;
}

/// <summary>The same, as an interface.</summary>
public interface ITarget<T>;

/// <summary>The same, as an attribute.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TargetAttribute : Attribute;

/// <summary>The same, as an extension that the caller's source does not name at all.</summary>
public static class TargetExtension
{
    extension(int x)
    {
        /// <summary>The next number.</summary>
        public int Next() => x + Target.Value;
    }
}

/// <summary>Methods for the members of a type in two folders, one for each.</summary>
public sealed class MemberTarget
{
    public static int Below() => 1;

    public static int Call() => 1;

    public static int Lambda() => 1;

    public static int Captured() => 1;

    public static int Iterator() => 1;
}
