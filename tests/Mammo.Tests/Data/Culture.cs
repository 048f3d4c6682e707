using System.Globalization;

namespace Mammo.Tests.Data;

/// <summary>Runs a test where numbers have a decimal comma and lists semicolons.</summary>
internal static class Culture
{
    public static void German(Action act)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            act();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
