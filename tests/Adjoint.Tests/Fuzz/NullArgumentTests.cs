using System.Reflection;
using Adjoint.Fuzz.Calls;
using Adjoint.Fuzz.Generators;

namespace Adjoint.Tests.Fuzz;

/// <summary>
/// Every public method refuses a null where its signature wants an object, with the exception that .NET has for it and the parameter's name. The rest
/// of the arguments are random; the methods are found, not listed.
/// </summary>
public class NullArgumentTests
{
    // Exceptions take any message; records only hold what they are given.
    private static bool Stores(Target target) =>
        target.Method.DeclaringType!.IsAssignableTo(typeof(Exception)) || IsRecord(target.Method.DeclaringType) ||
        target.Method.DeclaringType == typeof(GradientEdge) || target.Method.DeclaringType == typeof(Adjoint.Algebra.Domain);

    private static bool IsRecord(Type type) =>
        (type.GetMethod("<Clone>$") ?? type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic)) is not null;

    // Null has a meaning: equality with null is an answer.
    private static bool TakesNull(Target target) => target.Method.Name is "op_Equality" or "op_Inequality" or "Equals";

    public static TheoryData<string> Types() => [.. Surface.All.Targets.Where(t => !Stores(t) && !TakesNull(t)).Select(TypeOf).Distinct()];

    private static string TypeOf(Target target) => TypeNames.Of(target.Method.DeclaringType!);

    [Theory]
    [MemberData(nameof(Types))]
    public void ANullArgumentIsNamed(string type)
    {
        var nullability = new NullabilityInfoContext();
        var faults = new List<string>();
        foreach (var target in Surface.All.Targets.Where(t => TypeOf(t) == type && !Stores(t) && !TakesNull(t)))
        {
            for (var i = 0; i < target.Parameters.Length; i++)
            {
                var parameter = target.Parameters[i];
                var isReference = !parameter.ParameterType.IsValueType && !parameter.ParameterType.IsByRef;
                if (isReference && nullability.Create(parameter).WriteState != NullabilityState.Nullable && Fault(target, i) is { } fault)
                {
                    faults.Add($"{target.Name}, {parameter.Name}: {fault}");
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    // Another argument may be refused first, so there are several attempts.
    private static string? Fault(Target target, int place)
    {
        string? fault = null;
        for (var attempt = 0; attempt < 16; attempt++)
        {
            var made = new Case(target, seed: 7, attempt);
            made.MakeArguments();
            if (!made.IsWhole)
            {
                continue;
            }

            made.Arguments[place + (target.HasReceiver ? 1 : 0)] = null;
            var thrown = Record.Exception(() =>
            {
                if (target.Call(made.Arguments) is Task task)
                {
                    task.GetAwaiter().GetResult();
                }
            });
            made.Scopes.ForEach(scope => scope.Dispose());
            switch (thrown)
            {
                case ArgumentNullException e
                    when e.ParamName == target.Parameters[place].Name || target.Method.Name.EndsWith("Assignment", StringComparison.Ordinal):
                case ArgumentException when target.Parameters[place].ParameterType == typeof(string):
                    return null;
                case TensorException or UserException or KeyNotFoundException:
                case ArgumentException { ParamName: not null } and not ArgumentNullException:
                    break;
                default:
                    fault = thrown is null ? "accepted" : $"{thrown.GetType().Name}: {thrown.Message}";
                    break;
            }
        }

        return fault;
    }

    [Fact]
    public void AMissingGradientIsSuspected()
    {
        var w = Tensor.Ones(2).RequiresGrad_();

        var right = Assert.Throws<ArgumentNullException>(() => 2 * w.Grad!);
        Assert.StartsWith(
            "Mul(): argument 'y', the right operand, must be Tensor, not null. A tensor's Grad is null until Backward has run", right.Message);
        Assert.Contains("loss.Backward()", right.Message);

        var left = Assert.Throws<ArgumentNullException>(() => w.Grad! - 0.1);
        Assert.StartsWith("Sub(): argument 'x', the left operand,", left.Message);
        Assert.Throws<ArgumentNullException>(() => w.Grad! / w);
        Assert.Throws<ArgumentNullException>(() => w > w.Grad!);
        Assert.Throws<ArgumentNullException>(() => w.Maximum(w.Grad!));
        Assert.Throws<ArgumentNullException>(() => w.Detach().Add_(w.Grad!));
    }

    [Fact]
    public void ANullInAListIsNumbered()
    {
        Tensor? missing = null;
        var x = Tensor.Ones(2);
        Assert.StartsWith(
            "expected Tensor as element 1 in argument 'tensors' of Stack, but got null.",
            Assert.Throws<ArgumentNullException>(() => Tensor.Stack([x, missing!])).Message);
        Assert.StartsWith(
            "expected Tensor as element 0 in argument 'tensors' of Cat, but got null.",
            Assert.Throws<ArgumentNullException>(() => Tensor.Cat([missing!, x])).Message);
        Assert.Throws<ArgumentNullException>(() => { Tensor literal = [x, missing!]; });
        Assert.Throws<ArgumentNullException>(() => { Tensor literal = [missing!, 1.0]; });
    }

    [Fact]
    public void ANullInAStructureIsRefused()
    {
        var x = Tensor.Ones(2);
        Tensor[] holed = [x, null!];
        Func<Tensor[], Tensor> sum = a => a[0].Sum();
        Assert.Throws<ArgumentNullException>(() => Transform.Grad(sum)(holed));
        Assert.Throws<ArgumentNullException>(() => Transform.Vmap<Tensor[], Tensor[]>(a => a)(holed));
        Assert.Throws<ArgumentNullException>(() => Transform.Jvp(sum, holed, holed));
        Assert.Throws<ArgumentNullException>(() => Transform.Vjp<Tensor, Tensor[]>(a => [a, null!], x));
        Assert.Throws<ArgumentNullException>(() => Transform.Grad<(Tensor, Tensor)>(a => a.Item1.Sum())((x, null!)));
        Assert.Throws<ArgumentNullException>(() => Transform.Grad<IReadOnlyDictionary<string, Tensor>>(a => x.Sum())(
            new Dictionary<string, Tensor> { ["w"] = null! }));
        Assert.Throws<AutogradException>(() => Transform.Grad<Tensor>(a => null!)(x));
        Assert.Throws<AutogradException>(() => Transform.JacRev<Tensor>(a => null!)(x));
        Assert.Throws<AutogradException>(() => Transform.PlanJacobian<Tensor>(a => null!, x));
    }
}
