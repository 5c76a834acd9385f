using System.Linq.Expressions;
using System.Reflection;

namespace Adjoint.Fuzz.Generators;

/// <summary>Delegates of any type over a <see cref="Body"/>; compiled once for each type.</summary>
internal static class Delegates
{
    private static readonly MethodInfo s_run = typeof(Body).GetMethod(nameof(Body.Run))!;
    private static readonly Dictionary<Type, Func<Body, Delegate>> s_factories = [];

    public static Delegate Of(Type type, Body body)
    {
        if (!s_factories.TryGetValue(type, out var factory))
        {
            factory = Compile(type);
            s_factories[type] = factory;
        }

        return factory(body);
    }

    private static Func<Body, Delegate> Compile(Type type)
    {
        var invoke = type.GetMethod("Invoke")!;
        var body = Expression.Parameter(typeof(Body));
        var parameters = invoke.GetParameters().Select(p => Expression.Parameter(p.ParameterType)).ToArray();
        var arguments = Expression.NewArrayInit(typeof(object), parameters.Select(p => Expression.Convert(p, typeof(object))));
        Expression call = Expression.Call(body, s_run, arguments);
        call = invoke.ReturnType == typeof(void) ? Expression.Block(typeof(void), call) : Expression.Convert(call, invoke.ReturnType);
        return Expression.Lambda<Func<Body, Delegate>>(Expression.Lambda(type, call, parameters), body).Compile();
    }
}
