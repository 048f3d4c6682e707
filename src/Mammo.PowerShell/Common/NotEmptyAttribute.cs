using System.Collections;
using System.Management.Automation;

namespace Mammo.PowerShell.Common;

/// <summary>An argument, and each part of it, is something.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotNullAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (ArgumentParts.Of(arguments).Any(part => part is null))
            throw ArgumentErrors.Refused("It is null, or a part of it is.", "Give a value, or leave the parameter out.");
    }
}

/// <summary>An argument, and each part of it, is something and not empty.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotEmptyAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        object?[] parts = [.. ArgumentParts.Of(arguments)];
        if (parts.Length == 0 || parts.Any(part => part is null or ""))
            throw ArgumentErrors.Refused("It is empty, or a part of it is.", "Give a value, or leave the parameter out.");
    }
}

/// <summary>The parts of an argument that has several.</summary>
internal static class ArgumentParts
{
    public static IEnumerable<object?> Of(object? argument) => Plain(argument) is IList items ? items.Cast<object?>().Select(Plain) : [Plain(argument)];

    public static object? Plain(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
}
