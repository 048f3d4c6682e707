using System.Collections;
using System.Management.Automation.Language;
using Mammo.Networks.Architectures;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Models;

/// <summary>Completes names of published heads.</summary>
public sealed class RecipeCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters, CommandAst command) => HeadRecipe.All.Select(recipe => recipe.Name);
}
