	.file	"traced_rust.a6aa451873388c70-cgu.0"
	.section	.text._ZN11traced_rust4text17hd1ee0cf0f11bb01cE,"ax",@progbits
	.globl	_ZN11traced_rust4text17hd1ee0cf0f11bb01cE
	.p2align	4
	.type	_ZN11traced_rust4text17hd1ee0cf0f11bb01cE,@function
_ZN11traced_rust4text17hd1ee0cf0f11bb01cE:
.Lfunc_begin0:
	.file	1 "/src/traced_rust.rs"
	.loc	1 26 0
	.cfi_startproc
	subq	$72, %rsp
	.cfi_def_cfa_offset 80
	movq	%rcx, 8(%rsp)
	movq	%rdx, 16(%rsp)
	movq	%rsi, %rax
	movq	8(%rsp), %rsi
	movq	%rdi, %rcx
	movq	16(%rsp), %rdi
	movq	%rcx, 24(%rsp)
	movq	%rax, 32(%rsp)
	movq	%rcx, 40(%rsp)
	movq	%rax, 48(%rsp)
	movq	%rdi, 56(%rsp)
	movq	%rsi, 64(%rsp)
.Ltmp0:
	.loc	1 27 5 prologue_end
	callq	*_ZN4core4hint9black_box17h17139b0c373c4e3dE@GOTPCREL(%rip)
	movq	24(%rsp), %rdi
	movq	32(%rsp), %rsi
	.loc	1 28 5
	callq	*_ZN4core4hint9black_box17h01b03c969ff9d99cE@GOTPCREL(%rip)
	.loc	1 30 2
	movl	$77, %eax
	.loc	1 30 2 epilogue_begin is_stmt 0
	addq	$72, %rsp
	.cfi_def_cfa_offset 8
	retq
.Ltmp1:
.Lfunc_end0:
	.size	_ZN11traced_rust4text17hd1ee0cf0f11bb01cE, .Lfunc_end0-_ZN11traced_rust4text17hd1ee0cf0f11bb01cE
	.cfi_endproc

	.section	.text._ZN11traced_rust7request17h84ffa450a13d0a57E,"ax",@progbits
	.globl	_ZN11traced_rust7request17h84ffa450a13d0a57E
	.p2align	4
	.type	_ZN11traced_rust7request17h84ffa450a13d0a57E,@function
_ZN11traced_rust7request17h84ffa450a13d0a57E:
.Lfunc_begin1:
	.loc	1 33 0 is_stmt 1
	.cfi_startproc
	subq	$40, %rsp
	.cfi_def_cfa_offset 48
	movl	%edx, 12(%rsp)
	movq	%rdi, 16(%rsp)
	movq	%rsi, 24(%rsp)
	movl	%edx, 32(%rsp)
.Ltmp2:
	.loc	1 34 5 prologue_end
	callq	*_ZN4core4hint9black_box17hec1385a584e762f9E@GOTPCREL(%rip)
	movl	12(%rsp), %eax
	.loc	1 36 2 epilogue_begin
	addq	$40, %rsp
	.cfi_def_cfa_offset 8
	retq
.Ltmp3:
.Lfunc_end1:
	.size	_ZN11traced_rust7request17h84ffa450a13d0a57E, .Lfunc_end1-_ZN11traced_rust7request17h84ffa450a13d0a57E
	.cfi_endproc

	.section	.text._ZN11traced_rust7scalars17hf50807f588e6c165E,"ax",@progbits
	.globl	_ZN11traced_rust7scalars17hf50807f588e6c165E
	.p2align	4
	.type	_ZN11traced_rust7scalars17hf50807f588e6c165E,@function
_ZN11traced_rust7scalars17hf50807f588e6c165E:
.Lfunc_begin2:
	.loc	1 19 0
	.cfi_startproc
	subq	$88, %rsp
	.cfi_def_cfa_offset 96
	movl	%r9d, 20(%rsp)
	movq	%rcx, 8(%rsp)
	movl	%edx, 28(%rsp)
	movl	%esi, %edx
	movl	%edi, %esi
	movl	28(%rsp), %edi
	movb	%r8b, %al
	movb	%al, 27(%rsp)
	movw	%dx, 6(%rsp)
	movb	%sil, 5(%rsp)
	movb	%sil, 65(%rsp)
	movw	%dx, 66(%rsp)
	movl	%edi, 68(%rsp)
	movq	%rcx, 72(%rsp)
	andb	$1, %al
	movb	%al, 83(%rsp)
	movl	%r9d, 84(%rsp)
.Ltmp4:
	.loc	1 20 5 prologue_end
	callq	*_ZN4core4hint9black_box17h8f5e9f36cf8c8eefE@GOTPCREL(%rip)
	movb	5(%rsp), %sil
	movw	6(%rsp), %dx
	movq	8(%rsp), %rcx
	movl	20(%rsp), %r9d
	movb	27(%rsp), %al
	.loc	1 21 15
	movb	%sil, 59(%rsp)
	movw	%dx, 56(%rsp)
	movq	%rcx, 48(%rsp)
	andb	$1, %al
	movb	%al, 58(%rsp)
	movl	%r9d, 60(%rsp)
	.loc	1 21 5 is_stmt 0
	leaq	32(%rsp), %rdi
	leaq	48(%rsp), %rsi
	callq	*_ZN4core4hint9black_box17h4fa15c34efbc17d6E@GOTPCREL(%rip)
	movl	28(%rsp), %eax
	.loc	1 23 2 epilogue_begin is_stmt 1
	addq	$88, %rsp
	.cfi_def_cfa_offset 8
	retq
.Ltmp5:
.Lfunc_end2:
	.size	_ZN11traced_rust7scalars17hf50807f588e6c165E, .Lfunc_end2-_ZN11traced_rust7scalars17hf50807f588e6c165E
	.cfi_endproc

	.section	.text._ZN4core4hint9black_box17h01b03c969ff9d99cE,"ax",@progbits
	.globl	_ZN4core4hint9black_box17h01b03c969ff9d99cE
	.p2align	4
	.type	_ZN4core4hint9black_box17h01b03c969ff9d99cE,@function
_ZN4core4hint9black_box17h01b03c969ff9d99cE:
.Lfunc_begin3:
	.file	2 "/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/hint.rs"
	.loc	2 490 0
	.cfi_startproc
	movq	%rdi, -32(%rsp)
	movq	%rsi, -24(%rsp)
.Ltmp6:
	.loc	2 491 5 prologue_end
	movq	%rdi, -16(%rsp)
	movq	%rsi, -8(%rsp)
	leaq	-16(%rsp), %rax
	#APP
	#NO_APP
	movq	-16(%rsp), %rax
	movq	-8(%rsp), %rdx
	.loc	2 492 2
	retq
.Ltmp7:
.Lfunc_end3:
	.size	_ZN4core4hint9black_box17h01b03c969ff9d99cE, .Lfunc_end3-_ZN4core4hint9black_box17h01b03c969ff9d99cE
	.cfi_endproc

	.section	.text._ZN4core4hint9black_box17h17139b0c373c4e3dE,"ax",@progbits
	.globl	_ZN4core4hint9black_box17h17139b0c373c4e3dE
	.p2align	4
	.type	_ZN4core4hint9black_box17h17139b0c373c4e3dE,@function
_ZN4core4hint9black_box17h17139b0c373c4e3dE:
.Lfunc_begin4:
	.loc	2 490 0
	.cfi_startproc
	movq	%rdi, -32(%rsp)
	movq	%rsi, -24(%rsp)
.Ltmp8:
	.loc	2 491 5 prologue_end
	movq	%rdi, -16(%rsp)
	movq	%rsi, -8(%rsp)
	leaq	-16(%rsp), %rax
	#APP
	#NO_APP
	movq	-16(%rsp), %rax
	movq	-8(%rsp), %rdx
	.loc	2 492 2
	retq
.Ltmp9:
.Lfunc_end4:
	.size	_ZN4core4hint9black_box17h17139b0c373c4e3dE, .Lfunc_end4-_ZN4core4hint9black_box17h17139b0c373c4e3dE
	.cfi_endproc

	.section	.text._ZN4core4hint9black_box17h4fa15c34efbc17d6E,"ax",@progbits
	.globl	_ZN4core4hint9black_box17h4fa15c34efbc17d6E
	.p2align	4
	.type	_ZN4core4hint9black_box17h4fa15c34efbc17d6E,@function
_ZN4core4hint9black_box17h4fa15c34efbc17d6E:
.Lfunc_begin5:
	.loc	2 490 0
	.cfi_startproc
	movq	%rdi, %rax
.Ltmp10:
	.loc	2 491 5 prologue_end
	movq	(%rsi), %rcx
	movq	%rcx, (%rdi)
	movq	8(%rsi), %rcx
	movq	%rcx, 8(%rdi)
	#APP
	#NO_APP
	.loc	2 492 2
	retq
.Ltmp11:
.Lfunc_end5:
	.size	_ZN4core4hint9black_box17h4fa15c34efbc17d6E, .Lfunc_end5-_ZN4core4hint9black_box17h4fa15c34efbc17d6E
	.cfi_endproc

	.section	.text._ZN4core4hint9black_box17h8f5e9f36cf8c8eefE,"ax",@progbits
	.globl	_ZN4core4hint9black_box17h8f5e9f36cf8c8eefE
	.p2align	4
	.type	_ZN4core4hint9black_box17h8f5e9f36cf8c8eefE,@function
_ZN4core4hint9black_box17h8f5e9f36cf8c8eefE:
.Lfunc_begin6:
	.loc	2 490 0
	.cfi_startproc
	movl	%edi, -8(%rsp)
.Ltmp12:
	.loc	2 491 5 prologue_end
	movl	%edi, -4(%rsp)
	leaq	-4(%rsp), %rax
	#APP
	#NO_APP
	movl	-4(%rsp), %eax
	.loc	2 492 2
	retq
.Ltmp13:
.Lfunc_end6:
	.size	_ZN4core4hint9black_box17h8f5e9f36cf8c8eefE, .Lfunc_end6-_ZN4core4hint9black_box17h8f5e9f36cf8c8eefE
	.cfi_endproc

	.section	.text._ZN4core4hint9black_box17hb868ab6d15fccf71E,"ax",@progbits
	.globl	_ZN4core4hint9black_box17hb868ab6d15fccf71E
	.p2align	4
	.type	_ZN4core4hint9black_box17hb868ab6d15fccf71E,@function
_ZN4core4hint9black_box17hb868ab6d15fccf71E:
.Lfunc_begin7:
	.loc	2 490 0
	.cfi_startproc
	movb	%dil, %al
	movb	%al, -2(%rsp)
.Ltmp14:
	.loc	2 491 5 prologue_end
	movb	%al, -1(%rsp)
	leaq	-1(%rsp), %rax
	#APP
	#NO_APP
	movb	-1(%rsp), %al
	.loc	2 492 2
	retq
.Ltmp15:
.Lfunc_end7:
	.size	_ZN4core4hint9black_box17hb868ab6d15fccf71E, .Lfunc_end7-_ZN4core4hint9black_box17hb868ab6d15fccf71E
	.cfi_endproc

	.section	.text._ZN4core4hint9black_box17hec1385a584e762f9E,"ax",@progbits
	.globl	_ZN4core4hint9black_box17hec1385a584e762f9E
	.p2align	4
	.type	_ZN4core4hint9black_box17hec1385a584e762f9E,@function
_ZN4core4hint9black_box17hec1385a584e762f9E:
.Lfunc_begin8:
	.loc	2 490 0
	.cfi_startproc
	movq	%rdi, -16(%rsp)
.Ltmp16:
	.loc	2 491 5 prologue_end
	movq	%rdi, -8(%rsp)
	leaq	-8(%rsp), %rax
	#APP
	#NO_APP
	movq	-8(%rsp), %rax
	.loc	2 492 2
	retq
.Ltmp17:
.Lfunc_end8:
	.size	_ZN4core4hint9black_box17hec1385a584e762f9E, .Lfunc_end8-_ZN4core4hint9black_box17hec1385a584e762f9E
	.cfi_endproc

	.section	.text.main,"ax",@progbits
	.globl	main
	.p2align	4
	.type	main,@function
main:
.Lfunc_begin9:
	.loc	1 39 0
	.cfi_startproc
	subq	$88, %rsp
	.cfi_def_cfa_offset 96
.Ltmp18:
	.loc	1 41 16 prologue_end
	leaq	.Lanon.160447bf0fbdc0fc6ad3d3930c99d22d.0(%rip), %rdi
	movl	$5, %esi
	callq	*_ZN4core4hint9black_box17h01b03c969ff9d99cE@GOTPCREL(%rip)
	movq	%rax, (%rsp)
	movq	%rdx, 8(%rsp)
	movq	%rax, 56(%rsp)
	movq	%rdx, 64(%rsp)
	movq	%rax, 72(%rsp)
	movq	%rdx, 80(%rsp)
.Ltmp19:
	.loc	1 42 5
	movzbl	(%rax), %edi
	callq	*_ZN4core4hint9black_box17hb868ab6d15fccf71E@GOTPCREL(%rip)
	movq	8(%rsp), %rdx
	movq	(%rsp), %rax
	.loc	1 43 17
	movq	%rax, 16(%rsp)
	movq	%rdx, 24(%rsp)
	movl	$41, 48(%rsp)
	movabsq	$-70000000000, %rax
	movq	%rax, 32(%rsp)
	movl	$7, 40(%rsp)
.Ltmp20:
	.loc	1 44 5
	movl	$251, %edi
	movl	$65000, %esi
	movl	$4294867296, %edx
	movabsq	$1099511627776, %rcx
	movl	$1, %r8d
	movl	$120, %r9d
	callq	*_ZN11traced_rust7scalars17hf50807f588e6c165E@GOTPCREL(%rip)
	movq	(%rsp), %rdi
	movq	8(%rsp), %rsi
	.loc	1 45 5
	leaq	.Lanon.160447bf0fbdc0fc6ad3d3930c99d22d.1(%rip), %rdx
	movl	$3, %ecx
	callq	*_ZN11traced_rust4text17hd1ee0cf0f11bb01cE@GOTPCREL(%rip)
	.loc	1 46 5
	leaq	16(%rsp), %rdi
	movl	$3, %esi
	movl	$9, %edx
	callq	*_ZN11traced_rust7request17h84ffa450a13d0a57E@GOTPCREL(%rip)
.Ltmp21:
	.loc	1 48 2
	xorl	%eax, %eax
	.loc	1 48 2 epilogue_begin is_stmt 0
	addq	$88, %rsp
	.cfi_def_cfa_offset 8
	retq
.Ltmp22:
.Lfunc_end9:
	.size	main, .Lfunc_end9-main
	.cfi_endproc

	.type	.Lanon.160447bf0fbdc0fc6ad3d3930c99d22d.0,@object
	.section	.rodata..Lanon.160447bf0fbdc0fc6ad3d3930c99d22d.0,"a",@progbits
.Lanon.160447bf0fbdc0fc6ad3d3930c99d22d.0:
	.ascii	"hello"
	.size	.Lanon.160447bf0fbdc0fc6ad3d3930c99d22d.0, 5

	.type	.Lanon.160447bf0fbdc0fc6ad3d3930c99d22d.1,@object
	.section	.rodata..Lanon.160447bf0fbdc0fc6ad3d3930c99d22d.1,"a",@progbits
.Lanon.160447bf0fbdc0fc6ad3d3930c99d22d.1:
	.ascii	"\001\002\003"
	.size	.Lanon.160447bf0fbdc0fc6ad3d3930c99d22d.1, 3

	.section	.debug_abbrev,"",@progbits
	.byte	1
	.byte	17
	.byte	1
	.byte	37
	.byte	14
	.byte	19
	.byte	5
	.byte	3
	.byte	14
	.byte	16
	.byte	23
	.byte	27
	.byte	14
	.byte	17
	.byte	1
	.byte	85
	.byte	23
	.byte	0
	.byte	0
	.byte	2
	.byte	57
	.byte	1
	.byte	3
	.byte	14
	.byte	0
	.byte	0
	.byte	3
	.byte	46
	.byte	1
	.byte	17
	.byte	1
	.byte	18
	.byte	6
	.byte	64
	.byte	24
	.byte	110
	.byte	14
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	11
	.byte	73
	.byte	19
	.byte	63
	.byte	25
	.byte	0
	.byte	0
	.byte	4
	.byte	5
	.byte	0
	.byte	2
	.byte	24
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	11
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	5
	.byte	46
	.byte	1
	.byte	17
	.byte	1
	.byte	18
	.byte	6
	.byte	64
	.byte	24
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	11
	.byte	73
	.byte	19
	.byte	63
	.byte	25
	.byte	0
	.byte	0
	.byte	6
	.byte	11
	.byte	1
	.byte	17
	.byte	1
	.byte	18
	.byte	6
	.byte	0
	.byte	0
	.byte	7
	.byte	52
	.byte	0
	.byte	2
	.byte	24
	.byte	3
	.byte	14
	.ascii	"\210\001"
	.byte	15
	.byte	58
	.byte	11
	.byte	59
	.byte	11
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	8
	.byte	19
	.byte	1
	.byte	3
	.byte	14
	.byte	11
	.byte	11
	.byte	50
	.byte	11
	.ascii	"\210\001"
	.byte	15
	.byte	0
	.byte	0
	.byte	9
	.byte	13
	.byte	0
	.byte	3
	.byte	14
	.byte	73
	.byte	19
	.ascii	"\210\001"
	.byte	15
	.byte	56
	.byte	11
	.byte	50
	.byte	11
	.byte	0
	.byte	0
	.byte	10
	.byte	46
	.byte	1
	.byte	17
	.byte	1
	.byte	18
	.byte	6
	.byte	64
	.byte	24
	.byte	110
	.byte	14
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	5
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	11
	.byte	5
	.byte	0
	.byte	2
	.byte	24
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	5
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	12
	.byte	47
	.byte	0
	.byte	73
	.byte	19
	.byte	3
	.byte	14
	.byte	0
	.byte	0
	.byte	13
	.byte	36
	.byte	0
	.byte	3
	.byte	14
	.byte	62
	.byte	11
	.byte	11
	.byte	11
	.byte	0
	.byte	0
	.byte	14
	.byte	19
	.byte	1
	.byte	3
	.byte	14
	.byte	11
	.byte	11
	.ascii	"\210\001"
	.byte	15
	.byte	0
	.byte	0
	.byte	15
	.byte	13
	.byte	0
	.byte	3
	.byte	14
	.byte	73
	.byte	19
	.ascii	"\210\001"
	.byte	15
	.byte	56
	.byte	11
	.byte	0
	.byte	0
	.byte	16
	.byte	15
	.byte	0
	.byte	73
	.byte	19
	.byte	51
	.byte	6
	.byte	0
	.byte	0
	.byte	17
	.byte	15
	.byte	0
	.byte	73
	.byte	19
	.byte	3
	.byte	14
	.byte	51
	.byte	6
	.byte	0
	.byte	0
	.byte	0
	.section	.debug_info,"",@progbits
.Lcu_begin0:
	.long	.Ldebug_info_end0-.Ldebug_info_start0
.Ldebug_info_start0:
	.short	4
	.long	.debug_abbrev
	.byte	8
	.byte	1
	.long	.Linfo_string0
	.short	28
	.long	.Linfo_string1
	.long	.Lline_table_start0
	.long	.Linfo_string2
	.quad	0
	.long	.Ldebug_ranges0
	.byte	2
	.long	.Linfo_string3
	.byte	3
	.quad	.Lfunc_begin0
	.long	.Lfunc_end0-.Lfunc_begin0
	.byte	1
	.byte	87
	.long	.Linfo_string6
	.long	.Linfo_string7
	.byte	1
	.byte	26
	.long	788

	.byte	4
	.byte	2
	.byte	145
	.byte	40
	.long	.Linfo_string41
	.byte	1
	.byte	26
	.long	802
	.byte	4
	.byte	2
	.byte	145
	.byte	56
	.long	.Linfo_string54
	.byte	1
	.byte	26
	.long	855
	.byte	0
	.byte	3
	.quad	.Lfunc_begin1
	.long	.Lfunc_end1-.Lfunc_begin1
	.byte	1
	.byte	87
	.long	.Linfo_string9
	.long	.Linfo_string10
	.byte	1
	.byte	33
	.long	795

	.byte	4
	.byte	2
	.byte	145
	.byte	16
	.long	.Linfo_string55
	.byte	1
	.byte	33
	.long	976
	.byte	4
	.byte	2
	.byte	145
	.byte	24
	.long	.Linfo_string56
	.byte	1
	.byte	33
	.long	412
	.byte	0
	.byte	3
	.quad	.Lfunc_begin2
	.long	.Lfunc_end2-.Lfunc_begin2
	.byte	1
	.byte	87
	.long	.Linfo_string12
	.long	.Linfo_string13
	.byte	1
	.byte	19
	.long	795

	.byte	4
	.byte	3
	.byte	145
	.asciz	"\301"
	.long	.Linfo_string57
	.byte	1
	.byte	19
	.long	948
	.byte	4
	.byte	3
	.byte	145
	.asciz	"\302"
	.long	.Linfo_string58
	.byte	1
	.byte	19
	.long	955
	.byte	4
	.byte	3
	.byte	145
	.asciz	"\304"
	.long	.Linfo_string59
	.byte	1
	.byte	19
	.long	795
	.byte	4
	.byte	3
	.byte	145
	.asciz	"\310"
	.long	.Linfo_string60
	.byte	1
	.byte	19
	.long	788
	.byte	4
	.byte	3
	.byte	145
	.asciz	"\323"
	.long	.Linfo_string61
	.byte	1
	.byte	19
	.long	962
	.byte	4
	.byte	3
	.byte	145
	.asciz	"\324"
	.long	.Linfo_string62
	.byte	1
	.byte	19
	.long	969
	.byte	0
	.byte	5
	.quad	.Lfunc_begin9
	.long	.Lfunc_end9-.Lfunc_begin9
	.byte	1
	.byte	87
	.long	.Linfo_string53
	.byte	1
	.byte	39
	.long	795

	.byte	6
	.quad	.Ltmp19
	.long	.Ltmp21-.Ltmp19
	.byte	7
	.byte	2
	.byte	145
	.byte	56
	.long	.Linfo_string41
	.byte	8
	.byte	1
	.byte	41
	.long	802
	.byte	6
	.quad	.Ltmp20
	.long	.Ltmp21-.Ltmp20
	.byte	7
	.byte	2
	.byte	145
	.byte	16
	.long	.Linfo_string64
	.byte	8
	.byte	1
	.byte	43
	.long	367
	.byte	0
	.byte	0
	.byte	0
	.byte	8
	.long	.Linfo_string49
	.byte	40
	.byte	1
	.byte	8
	.byte	9
	.long	.Linfo_string41
	.long	802
	.byte	8
	.byte	0
	.byte	1
	.byte	9
	.long	.Linfo_string42
	.long	989
	.byte	4
	.byte	32
	.byte	1
	.byte	9
	.long	.Linfo_string44
	.long	412
	.byte	8
	.byte	16
	.byte	1
	.byte	0
	.byte	8
	.long	.Linfo_string48
	.byte	16
	.byte	1
	.byte	8
	.byte	9
	.long	.Linfo_string45
	.long	996
	.byte	8
	.byte	0
	.byte	1
	.byte	9
	.long	.Linfo_string47
	.long	795
	.byte	4
	.byte	8
	.byte	1
	.byte	0
	.byte	0
	.byte	2
	.long	.Linfo_string4
	.byte	2
	.long	.Linfo_string5
	.byte	10
	.quad	.Lfunc_begin3
	.long	.Lfunc_end3-.Lfunc_begin3
	.byte	1
	.byte	87
	.long	.Linfo_string20
	.long	.Linfo_string21
	.byte	2
	.short	490
	.long	802
	.byte	11
	.byte	2
	.byte	145
	.byte	96
	.long	.Linfo_string63
	.byte	2
	.short	490
	.long	802
	.byte	12
	.long	802
	.long	.Linfo_string19
	.byte	0
	.byte	10
	.quad	.Lfunc_begin4
	.long	.Lfunc_end4-.Lfunc_begin4
	.byte	1
	.byte	87
	.long	.Linfo_string23
	.long	.Linfo_string24
	.byte	2
	.short	490
	.long	855
	.byte	11
	.byte	2
	.byte	145
	.byte	96
	.long	.Linfo_string63
	.byte	2
	.short	490
	.long	855
	.byte	12
	.long	855
	.long	.Linfo_string19
	.byte	0
	.byte	10
	.quad	.Lfunc_begin5
	.long	.Lfunc_end5-.Lfunc_begin5
	.byte	1
	.byte	87
	.long	.Linfo_string35
	.long	.Linfo_string36
	.byte	2
	.short	490
	.long	885
	.byte	11
	.byte	2
	.byte	116
	.byte	0
	.long	.Linfo_string63
	.byte	2
	.short	490
	.long	885
	.byte	12
	.long	885
	.long	.Linfo_string19
	.byte	0
	.byte	10
	.quad	.Lfunc_begin6
	.long	.Lfunc_end6-.Lfunc_begin6
	.byte	1
	.byte	87
	.long	.Linfo_string37
	.long	.Linfo_string38
	.byte	2
	.short	490
	.long	795
	.byte	11
	.byte	2
	.byte	145
	.byte	120
	.long	.Linfo_string63
	.byte	2
	.short	490
	.long	795
	.byte	12
	.long	795
	.long	.Linfo_string19
	.byte	0
	.byte	10
	.quad	.Lfunc_begin7
	.long	.Lfunc_end7-.Lfunc_begin7
	.byte	1
	.byte	87
	.long	.Linfo_string39
	.long	.Linfo_string40
	.byte	2
	.short	490
	.long	841
	.byte	11
	.byte	2
	.byte	145
	.byte	126
	.long	.Linfo_string63
	.byte	2
	.short	490
	.long	841
	.byte	12
	.long	841
	.long	.Linfo_string19
	.byte	0
	.byte	10
	.quad	.Lfunc_begin8
	.long	.Lfunc_end8-.Lfunc_begin8
	.byte	1
	.byte	87
	.long	.Linfo_string51
	.long	.Linfo_string52
	.byte	2
	.short	490
	.long	976
	.byte	11
	.byte	2
	.byte	145
	.byte	112
	.long	.Linfo_string63
	.byte	2
	.short	490
	.long	976
	.byte	12
	.long	976
	.long	.Linfo_string19
	.byte	0
	.byte	0
	.byte	0
	.byte	13
	.long	.Linfo_string8
	.byte	7
	.byte	8
	.byte	13
	.long	.Linfo_string11
	.byte	5
	.byte	4
	.byte	14
	.long	.Linfo_string18
	.byte	16
	.byte	8
	.byte	15
	.long	.Linfo_string14
	.long	832
	.byte	8
	.byte	0
	.byte	15
	.long	.Linfo_string16
	.long	848
	.byte	8
	.byte	8
	.byte	0
	.byte	16
	.long	841
	.long	0
	.byte	13
	.long	.Linfo_string15
	.byte	7
	.byte	1
	.byte	13
	.long	.Linfo_string17
	.byte	7
	.byte	8
	.byte	14
	.long	.Linfo_string22
	.byte	16
	.byte	8
	.byte	15
	.long	.Linfo_string14
	.long	832
	.byte	8
	.byte	0
	.byte	15
	.long	.Linfo_string16
	.long	848
	.byte	8
	.byte	8
	.byte	0
	.byte	14
	.long	.Linfo_string34
	.byte	16
	.byte	8
	.byte	15
	.long	.Linfo_string25
	.long	948
	.byte	1
	.byte	11
	.byte	15
	.long	.Linfo_string27
	.long	955
	.byte	2
	.byte	8
	.byte	15
	.long	.Linfo_string29
	.long	788
	.byte	8
	.byte	0
	.byte	15
	.long	.Linfo_string30
	.long	962
	.byte	1
	.byte	10
	.byte	15
	.long	.Linfo_string32
	.long	969
	.byte	4
	.byte	12
	.byte	0
	.byte	13
	.long	.Linfo_string26
	.byte	5
	.byte	1
	.byte	13
	.long	.Linfo_string28
	.byte	7
	.byte	2
	.byte	13
	.long	.Linfo_string31
	.byte	2
	.byte	1
	.byte	13
	.long	.Linfo_string33
	.byte	16
	.byte	4
	.byte	17
	.long	367
	.long	.Linfo_string50
	.long	0
	.byte	13
	.long	.Linfo_string43
	.byte	7
	.byte	4
	.byte	13
	.long	.Linfo_string46
	.byte	5
	.byte	8
	.byte	0
.Ldebug_info_end0:
	.section	.text._ZN11traced_rust4text17hd1ee0cf0f11bb01cE,"ax",@progbits
.Lsec_end0:
	.section	.text._ZN11traced_rust7request17h84ffa450a13d0a57E,"ax",@progbits
.Lsec_end1:
	.section	.text._ZN11traced_rust7scalars17hf50807f588e6c165E,"ax",@progbits
.Lsec_end2:
	.section	.text._ZN4core4hint9black_box17h01b03c969ff9d99cE,"ax",@progbits
.Lsec_end3:
	.section	.text._ZN4core4hint9black_box17h17139b0c373c4e3dE,"ax",@progbits
.Lsec_end4:
	.section	.text._ZN4core4hint9black_box17h4fa15c34efbc17d6E,"ax",@progbits
.Lsec_end5:
	.section	.text._ZN4core4hint9black_box17h8f5e9f36cf8c8eefE,"ax",@progbits
.Lsec_end6:
	.section	.text._ZN4core4hint9black_box17hb868ab6d15fccf71E,"ax",@progbits
.Lsec_end7:
	.section	.text._ZN4core4hint9black_box17hec1385a584e762f9E,"ax",@progbits
.Lsec_end8:
	.section	.text.main,"ax",@progbits
.Lsec_end9:
	.section	.debug_aranges,"",@progbits
	.long	188
	.short	2
	.long	.Lcu_begin0
	.byte	8
	.byte	0
	.zero	4,255
	.quad	.Lfunc_begin0
	.quad	.Lsec_end0-.Lfunc_begin0
	.quad	.Lfunc_begin1
	.quad	.Lsec_end1-.Lfunc_begin1
	.quad	.Lfunc_begin2
	.quad	.Lsec_end2-.Lfunc_begin2
	.quad	.Lfunc_begin3
	.quad	.Lsec_end3-.Lfunc_begin3
	.quad	.Lfunc_begin4
	.quad	.Lsec_end4-.Lfunc_begin4
	.quad	.Lfunc_begin5
	.quad	.Lsec_end5-.Lfunc_begin5
	.quad	.Lfunc_begin6
	.quad	.Lsec_end6-.Lfunc_begin6
	.quad	.Lfunc_begin7
	.quad	.Lsec_end7-.Lfunc_begin7
	.quad	.Lfunc_begin8
	.quad	.Lsec_end8-.Lfunc_begin8
	.quad	.Lfunc_begin9
	.quad	.Lsec_end9-.Lfunc_begin9
	.quad	0
	.quad	0
	.section	.debug_ranges,"",@progbits
.Ldebug_ranges0:
	.quad	.Lfunc_begin0
	.quad	.Lfunc_end0
	.quad	.Lfunc_begin1
	.quad	.Lfunc_end1
	.quad	.Lfunc_begin2
	.quad	.Lfunc_end2
	.quad	.Lfunc_begin3
	.quad	.Lfunc_end3
	.quad	.Lfunc_begin4
	.quad	.Lfunc_end4
	.quad	.Lfunc_begin5
	.quad	.Lfunc_end5
	.quad	.Lfunc_begin6
	.quad	.Lfunc_end6
	.quad	.Lfunc_begin7
	.quad	.Lfunc_end7
	.quad	.Lfunc_begin8
	.quad	.Lfunc_end8
	.quad	.Lfunc_begin9
	.quad	.Lfunc_end9
	.quad	0
	.quad	0
	.section	.debug_str,"MS",@progbits,1
.Linfo_string0:
	.asciz	"clang LLVM (rustc version 1.95.0 (59807616e 2026-04-14))"
.Linfo_string1:
	.asciz	"traced_rust.rs/@/traced_rust.a6aa451873388c70-cgu.0"
.Linfo_string2:
	.asciz	"/src"
.Linfo_string3:
	.asciz	"traced_rust"
.Linfo_string4:
	.asciz	"core"
.Linfo_string5:
	.asciz	"hint"
.Linfo_string6:
	.asciz	"_ZN11traced_rust4text17hd1ee0cf0f11bb01cE"
.Linfo_string7:
	.asciz	"text"
.Linfo_string8:
	.asciz	"u64"
.Linfo_string9:
	.asciz	"_ZN11traced_rust7request17h84ffa450a13d0a57E"
.Linfo_string10:
	.asciz	"request"
.Linfo_string11:
	.asciz	"i32"
.Linfo_string12:
	.asciz	"_ZN11traced_rust7scalars17hf50807f588e6c165E"
.Linfo_string13:
	.asciz	"scalars"
.Linfo_string14:
	.asciz	"data_ptr"
.Linfo_string15:
	.asciz	"u8"
.Linfo_string16:
	.asciz	"length"
.Linfo_string17:
	.asciz	"usize"
.Linfo_string18:
	.asciz	"&str"
.Linfo_string19:
	.asciz	"T"
.Linfo_string20:
	.asciz	"_ZN4core4hint9black_box17h01b03c969ff9d99cE"
.Linfo_string21:
	.asciz	"black_box<&str>"
.Linfo_string22:
	.asciz	"&[u8]"
.Linfo_string23:
	.asciz	"_ZN4core4hint9black_box17h17139b0c373c4e3dE"
.Linfo_string24:
	.asciz	"black_box<&[u8]>"
.Linfo_string25:
	.asciz	"__0"
.Linfo_string26:
	.asciz	"i8"
.Linfo_string27:
	.asciz	"__1"
.Linfo_string28:
	.asciz	"u16"
.Linfo_string29:
	.asciz	"__2"
.Linfo_string30:
	.asciz	"__3"
.Linfo_string31:
	.asciz	"bool"
.Linfo_string32:
	.asciz	"__4"
.Linfo_string33:
	.asciz	"char"
.Linfo_string34:
	.asciz	"(i8, u16, u64, bool, char)"
.Linfo_string35:
	.asciz	"_ZN4core4hint9black_box17h4fa15c34efbc17d6E"
.Linfo_string36:
	.asciz	"black_box<(i8, u16, u64, bool, char)>"
.Linfo_string37:
	.asciz	"_ZN4core4hint9black_box17h8f5e9f36cf8c8eefE"
.Linfo_string38:
	.asciz	"black_box<i32>"
.Linfo_string39:
	.asciz	"_ZN4core4hint9black_box17hb868ab6d15fccf71E"
.Linfo_string40:
	.asciz	"black_box<u8>"
.Linfo_string41:
	.asciz	"name"
.Linfo_string42:
	.asciz	"id"
.Linfo_string43:
	.asciz	"u32"
.Linfo_string44:
	.asciz	"at"
.Linfo_string45:
	.asciz	"x"
.Linfo_string46:
	.asciz	"i64"
.Linfo_string47:
	.asciz	"y"
.Linfo_string48:
	.asciz	"Point"
.Linfo_string49:
	.asciz	"Request"
.Linfo_string50:
	.asciz	"&traced_rust::Request"
.Linfo_string51:
	.asciz	"_ZN4core4hint9black_box17hec1385a584e762f9E"
.Linfo_string52:
	.asciz	"black_box<&traced_rust::Request>"
.Linfo_string53:
	.asciz	"main"
.Linfo_string54:
	.asciz	"bytes"
.Linfo_string55:
	.asciz	"req"
.Linfo_string56:
	.asciz	"by"
.Linfo_string57:
	.asciz	"a"
.Linfo_string58:
	.asciz	"b"
.Linfo_string59:
	.asciz	"c"
.Linfo_string60:
	.asciz	"d"
.Linfo_string61:
	.asciz	"e"
.Linfo_string62:
	.asciz	"f"
.Linfo_string63:
	.asciz	"dummy"
.Linfo_string64:
	.asciz	"first"
	.ident	"rustc version 1.95.0 (59807616e 2026-04-14)"
	.section	".note.GNU-stack","",@progbits
	.section	.debug_line,"",@progbits
.Lline_table_start0:
