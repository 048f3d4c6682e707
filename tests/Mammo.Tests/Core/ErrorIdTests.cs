using System.Reflection;
using System.Text.RegularExpressions;

namespace Mammo.Tests.Core;

public sealed partial class ErrorIdTests
{
    [Fact]
    public void The_page_lists_exactly_the_ids_that_exist_each_with_a_cure()
    {
        var rows = RowPattern().Matches(File.ReadAllText(Path.Combine(Shared.Repository, "docs", "errors.md")));
        var constants = typeof(ErrorIds).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).ToArray();
        Assert.Equal(constants.Order(StringComparer.Ordinal), rows.Select(row => row.Groups[1].Value));
        Assert.All(rows, row => Assert.NotEmpty(row.Groups[2].Value.Trim()));
        Assert.Equal(constants, typeof(ErrorIds).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => "Mammo." + field.Name));
    }

    [Fact]
    public void Each_has_a_kind() => Assert.All(
        typeof(ErrorIds).GetFields(BindingFlags.Public | BindingFlags.Static),
        field => Assert.True(field.IsDefined(typeof(KindAttribute)), $"{field.Name} needs a [Kind]."));

    [Fact]
    public void What_says_no_next_step_has_that_of_the_page()
    {
        const string step = "Check the path; names with [ ] need -LiteralPath.";
        Assert.Equal(step, new Finding(ErrorIds.FileNotFound, "Gone.").SuggestedFix);
        Assert.Equal(step, new MammoException(ErrorIds.FileNotFound, "Gone.").SuggestedFix);
        Assert.Equal("Gone. Look. [Mammo.FileNotFound]", new Finding(ErrorIds.FileNotFound, "Gone.") { SuggestedFix = "Look." }.ToString());
        Assert.All(typeof(ErrorIds).GetFields(BindingFlags.Public | BindingFlags.Static), field =>
            Assert.NotNull(NextSteps.Of((string)field.GetRawConstantValue()!)));
    }

    [GeneratedRegex(@"^\| `([^`]+)` \| [^|]+ \| ([^|]+) \|\r?$", RegexOptions.Multiline)]
    private static partial Regex RowPattern();
}
