using System.Collections;
using System.Management.Automation;
using System.Reflection;
using Mammo.Data.Examination;

namespace Mammo.Tests.PowerShell;

/// <summary>
/// What cmdlets write keeps its meaning in CSV and JSON: Export-Csv takes ToString of every property, ConvertTo-Json refuses dictionaries whose keys are no
/// texts.
/// </summary>
public sealed class OutputTypeTests
{
    public static TheoryData<Type> Types => [.. Session.Cmdlets()
        .SelectMany(cmdlet => cmdlet.Type.GetCustomAttributes<OutputTypeAttribute>())
        .SelectMany(output => output.Type)
        .Select(output => output.Type)
        .Append(typeof(Mammo.Data.Examination.DatasetSummary))
        .Distinct()];

    [Theory]
    [MemberData(nameof(Types))]
    public void Tables_and_warnings_are_texts_in_a_csv(Type output)
    {
        foreach (var property in output.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            // Further columns of lists become properties of their own (RecordAdapter).
            if (property.Name != "Extra" && typeof(IDictionary).IsAssignableFrom(property.PropertyType))
            {
                Type[] tables = [typeof(IReadOnlyDictionary<string, int>), typeof(IReadOnlyDictionary<string, double>)];
                Assert.True(tables.Any(table => table.IsAssignableFrom(property.PropertyType)), $"{output.Name}.{property.Name}");
                Assert.True(HasText(property.PropertyType), $"{output.Name}.{property.Name}");
            }

            if (property.Name == "Warnings")
                Assert.True(HasText(property.PropertyType), $"{output.Name}.{property.Name}");
        }
    }

    [Fact]
    public void Their_texts_hold_everything()
    {
        Assert.Equal("8=2;16=1", NamedTable.ByBitDepth([(16, 1), (8, 2)]).ToString());
        Assert.Equal("", NamedTable.None<int>().ToString());
        Assert.Equal(
            "One. Do it. [Mammo.A] Two. [Mammo.B]", new FindingList([new Finding("Mammo.A", "One.") { SuggestedFix = "Do it." }, new Finding(
                "Mammo.B", "Two.")]).ToString());
        Assert.Throws<ArgumentException>(() => new NamedTable<int>([KeyValuePair.Create("a", 1), KeyValuePair.Create("a", 2)]));
    }

    private static bool HasText(Type type) => type.GetMethod(nameof(ToString), [])!.DeclaringType == type;
}
