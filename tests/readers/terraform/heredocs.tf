locals {
  name  = "N"
  items = ["a", "b"]
  plain = <<EOT
one
  two
EOT
  indented = <<-EOT
    one
      two
    three
  EOT
  blank_lines = <<-EOT
    one

      two
  
    three
    EOT
  tabs = <<-EOT
	one
	  two
  EOT
  first_deeper = <<-EOT
      one
    two
  EOT
  interpolated = <<-EOT
    hello ${local.name}
      ${local.name} again
  EOT
  starts_with = <<-EOT
    ${local.name}
    x
  EOT
  all_inserted = <<-EOT
    ${local.name}
      ${local.name}
  EOT
  empty = <<EOT
EOT
  escapes = <<EOT
$${not} %%{not} \n "quoted" $5 100%
EOT
  loop = <<EOT
%{ for i in local.items ~}
- ${i}
%{ endfor ~}
end
EOT
  loop_indented = <<-EOT
    start
    %{ for i in local.items ~}
    - ${i}
    %{ endfor ~}
    end
  EOT
  loop_plain = <<-EOT
    start
    %{ for i in local.items }
    - ${i}
    %{ endfor }
    end
  EOT
  condition = <<-EOT
    %{ if local.name == "N" }
      yes
    %{ else }
      no
    %{ endif }
    done
  EOT
  condition_strip = <<EOT
%{ if local.name == "N" ~}
    yes
%{~ else ~}
    no
%{~ endif ~}
done
EOT
  strip_left = <<EOT
one

   ${~ local.name }
two
EOT
  strip_right = <<EOT
one ${ local.name ~}

   two
EOT
  strip_both = <<EOT
one
${~ local.name ~}
two
EOT
  nested = <<EOT
%{ for i in local.items ~}
%{ if i == "a" ~}
  first ${i}
%{ else ~}
  other ${i}
%{ endif ~}
%{ endfor ~}
EOT
  json = jsondecode(<<-EOT
    {
      "Version": "2012-10-17",
      "Name": "${local.name}",
      "List": [%{ for n, i in local.items }"${i}"%{ if n < 1 }, %{ endif }%{ endfor }]
    }
  EOT
  )
  in_call = trimspace(<<EOT
  padded
EOT
  )
  two_lines = "${local.name}${"\n"}x"
  quoted_strip = "a\n%{ if true ~}\n  b\n%{ endif ~}\nc"
  quoted_loop = "%{ for i in local.items ~}\n  ${i}\n%{ endfor ~}\nend"
  unicode = <<-EOT
    é ${local.name}
     中
  EOT
  crlf_free = <<EOT
a ${local.name} b

EOT
  chained = local.name == "X" ? "1" : local.name == "Y" ? "2" : local.name == "N" ? "3" : "4"
  multi = (
    local.name == "N"
    ? "first"
    : "second"
  )
  object = {
    a = 1
    "b" = 2, c = 3 # comment
    // another
    d = [
      1, /* inline */
      2,
    ]
  }
  unified = [true ? 1 : "two", false ? "a" : 2, true ? true : "x", false ? [] : ["x"]]
  yaml = yamldecode("a: 1\nb: [x, z]\nc: {d: null}\ne: 2.5\nf: 'q'\n")
  yaml_words = yamldecode("[yes, no, on, off, 'y', ~, 0x1f, 1e3, 010]")
}
