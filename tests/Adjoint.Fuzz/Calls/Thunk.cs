using System.Reflection;
using System.Reflection.Emit;

namespace Adjoint.Fuzz.Calls;

/// <summary>
/// Compiles a method into a function of an array of objects. Reflection's own Invoke takes no spans; here a span is passed as an array, and a
/// span that is returned comes back as one.
/// </summary>
internal static class Thunk
{
    public static Func<object?[], object?> For(MethodBase method)
    {
        var thunk = new DynamicMethod(method.Name, typeof(object), [typeof(object[])], typeof(Thunk).Module, skipVisibility: true);
        var il = thunk.GetILGenerator();
        var position = 0;
        var hasReceiver = !method.IsStatic && method is MethodInfo;
        if (hasReceiver)
        {
            Load(il, position++, method.DeclaringType!, asAddress: method.DeclaringType!.IsValueType);
        }

        foreach (var parameter in method.GetParameters())
        {
            var type = parameter.ParameterType;
            Load(il, position++, type.IsByRef ? type.GetElementType()! : type, type.IsByRef);
        }

        Type result;
        if (method is ConstructorInfo constructor)
        {
            il.Emit(OpCodes.Newobj, constructor);
            result = constructor.DeclaringType!;
        }
        else
        {
            var called = (MethodInfo)method;
            var isVirtual = hasReceiver && !called.DeclaringType!.IsValueType;
            il.Emit(isVirtual ? OpCodes.Callvirt : OpCodes.Call, called);
            result = called.ReturnType;
        }

        Return(il, result);
        return thunk.CreateDelegate<Func<object?[], object?>>();
    }

    public static bool IsSpan(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ReadOnlySpan<>);

    private static void Load(ILGenerator il, int position, Type type, bool asAddress)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, position);
        il.Emit(OpCodes.Ldelem_Ref);
        if (IsSpan(type))
        {
            var array = type.GetGenericArguments()[0].MakeArrayType();
            il.Emit(OpCodes.Castclass, array);
            il.Emit(OpCodes.Call, type.GetMethod("op_Implicit", [array])!);
        }
        else
        {
            il.Emit(OpCodes.Unbox_Any, type);
        }

        if (asAddress)
        {
            var local = il.DeclareLocal(type);
            il.Emit(OpCodes.Stloc, local);
            il.Emit(OpCodes.Ldloca, local);
        }
    }

    private static void Return(ILGenerator il, Type type)
    {
        if (type == typeof(void))
        {
            il.Emit(OpCodes.Ldnull);
        }
        else if (IsSpan(type))
        {
            var local = il.DeclareLocal(type);
            il.Emit(OpCodes.Stloc, local);
            il.Emit(OpCodes.Ldloca, local);
            il.Emit(OpCodes.Call, type.GetMethod("ToArray")!);
        }
        else if (type.IsValueType)
        {
            il.Emit(OpCodes.Box, type);
        }

        il.Emit(OpCodes.Ret);
    }
}
