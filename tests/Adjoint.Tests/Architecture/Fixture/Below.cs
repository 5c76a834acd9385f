using Adjoint.Tests.Architecture.Fixture.Above;

namespace Adjoint.Tests.Architecture.Fixture;

#pragma warning disable CS0649 // fields that only have a type

public class ByBase : Target;

public class ByInterface<T> : ITarget<T>;

public class ByConstraint<T> where T : Target;

public class ByField
{
    internal readonly Target? _field;
}

public class ByArray
{
    internal readonly Target[,]? _field;
}

public class ByGenericArgument
{
    internal readonly Dictionary<int, List<Target>>? _field;
}

public abstract class ByParameter
{
    public abstract void Take(ref Target target);
}

[Target]
public class ByAttribute;

public class ByBody
{
    public static int Read() => Target.Value;
}

public class ByLocal
{
    public static bool Make(object x)
    {
        var target = x as Target;
        return target is null || target.GetHashCode() > 0;
    }
}

public class ByLambda
{
    public static Func<int> Make() => () => Target.Value;
}

public class ByExtension
{
    public static int Call() => 1.Next();
}

public class ByMethodArgument
{
    public static object Make() => Array.Empty<Target>();
}

public class ByNothing
{
    public static string Name() => nameof(Target);
}
