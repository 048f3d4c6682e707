using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;

namespace Mammo.Help;

/// <summary>A parameter's default as a user would type it.</summary>
internal static class DefaultText
{
    public const string None = "None";

    public static string Of(object? value) => value switch
    {
        null or "" => None,
        string text => text,
        SwitchParameter flag => flag.ToBool() ? "True" : "False",
        ImageSize size => $"{Of(size.Height)}, {Of(size.Width)}",
        Size2D size => $"{Of(size.Rows)}, {Of(size.Columns)}",
        double number => number.ToString("0.############", CultureInfo.InvariantCulture),
        IEnumerable { } items => items.Cast<object>().Select(Of).ToArray() is { Length: > 0 } texts ? string.Join(", ", texts) : None,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
